import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { toPem } from "../../adapters/to-pem.ts";

/** An authority of a test's own, and a server's certificate that it signed. All PEM. */
export interface TestAuthority {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a server's certificate is for. */
export type ServerName = { readonly ip: readonly number[] } | { readonly dns: string };

const DAY_MILLIS = 86_400_000;
const COMMON_NAME = "550403";
const BASIC_CONSTRAINTS = "551d13";
const ALTERNATIVE_NAME = "551d11";
const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const BOOLEAN_TRUE = Buffer.from([1, 1, 0xff]);

/** Makes an authority and a server it vouches for, for two days; each call another one. */
export function makeAuthority(name: ServerName): TestAuthority {
  const [authority, server] = [makeKeys(), makeKeys()];
  const issuer = { name: "Trueup test authority", key: authority.privateKey };
  const constraints = extension(BASIC_CONSTRAINTS, sequence(BOOLEAN_TRUE), BOOLEAN_TRUE);
  const names = "ip" in name ? tagged(0x87, Buffer.from(name.ip)) : tagged(0x82, Buffer.from(name.dns));
  return {
    authority: certify(issuer, issuer.name, authority.publicKey, constraints),
    certificate: certify(issuer, "search", server.publicKey, extension(ALTERNATIVE_NAME, sequence(names))),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function makeKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certify(
  issuer: { readonly name: string; readonly key: KeyObject },
  subject: string,
  publicKey: KeyObject,
  ...extensions: readonly Buffer[]
): string {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const [from, until] = [-DAY_MILLIS, DAY_MILLIS].map((offset) => time(new Date(Date.now() + offset)));
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1, ...randomBytes(8)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(from ?? Buffer.alloc(0), until ?? Buffer.alloc(0)),
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", signed, issuer.key)]);
  return toPem(sequence(signed, algorithm, tagged(0x03, signature)));
}

function distinguishedName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(COMMON_NAME), tagged(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer, critical: Buffer = Buffer.alloc(0)): Buffer {
  return sequence(oid(id), critical, tagged(0x04, value));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** One value in DER. @see https://www.itu.int/rec/T-REC-X.690 */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}
