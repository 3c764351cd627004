import { rootCertificates } from "node:tls";
import { inflateRawSync } from "node:zlib";
import { PACKED_RDS_AUTHORITIES } from "./packed-rds-authorities.ts";
import { toPem } from "./to-pem.ts";

/** A DER sequence of more than 255 bytes: tag, length of the length, two bytes of length. */
const HEADER_BYTES = 4;

/**
 * The authorities that sign the certificates of RDS and Aurora beside those that Node trusts, PEM each: of all commercial regions.
 * Those of China and of GovCloud the package has not.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function listRdsAuthorities(): readonly string[] {
  return [...rootCertificates, ...unpack()];
}

function unpack(): readonly string[] {
  const packed = inflateRawSync(Buffer.from(PACKED_RDS_AUTHORITIES, "base64"));
  const certificates: string[] = [];
  for (let start = 0; start < packed.length; ) {
    const end = start + HEADER_BYTES + packed.readUInt16BE(start + 2);
    certificates.push(toPem(packed.subarray(start, end)));
    start = end;
  }
  return certificates;
}
