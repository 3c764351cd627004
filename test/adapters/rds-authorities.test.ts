import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { listRdsAuthorities } from "../../adapters/rds-authorities.ts";
import { authoritiesInUse } from "../../local/setup/pack-authorities.ts";

const certificates = listRdsAuthorities().map((pem) => new X509Certificate(pem));

it("has the authorities of RDS of its regions, beside those of Node", () => {
  for (const region of ["eu-central-1", "us-east-1", "ap-southeast-2"]) {
    const ours = certificates.filter(({ subject }) =>
      subject.includes(`Amazon RDS ${region} Root CA RSA2048 G1`),
    );
    expect([region, ours.length]).toEqual([region, 1]);
  }
  expect(certificates.slice(0, rootCertificates.length).map(({ raw }) => raw.length)).toEqual(
    rootCertificates.map((pem) => new X509Certificate(pem).raw.length),
  );
});

it("is just what the package has that is in use: run `node local/setup/pack-authorities.ts` where it has others", () => {
  const packed = certificates.slice(rootCertificates.length).map(({ fingerprint256 }) => fingerprint256);
  expect(packed).toEqual(authoritiesInUse().map((pem) => new X509Certificate(pem).fingerprint256));
  expect(packed.length).toBeGreaterThan(80);
});

it("has none that expires within five years", () => {
  const until = Date.parse("2031-11-25");
  for (const { validTo, subject } of certificates.slice(rootCertificates.length)) {
    expect([subject, Date.parse(validTo) > until]).toEqual([subject, true]);
  }
});
