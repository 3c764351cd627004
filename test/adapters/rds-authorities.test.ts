import { X509Certificate } from "node:crypto";
import { rdsAuthorities } from "../../adapters/rds-authorities.ts";

it("has the authorities of RDS in every region, none of them expired, beside those of Node", () => {
  const subjects = rdsAuthorities.map((pem) => new X509Certificate(pem));
  const ofRds = subjects.filter(({ subject }) =>
    /Amazon RDS (?:eu-central-1|us-east-1) Root CA RSA2048 G1/.test(subject),
  );
  expect(ofRds).toHaveLength(2);
  for (const { validTo } of ofRds) expect(Date.parse(validTo)).toBeGreaterThan(Date.parse("2050-01-01"));
  expect(subjects.some(({ subject }) => subject.includes("ISRG Root X1"))).toBe(true);
});
