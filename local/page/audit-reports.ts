import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { AuditReport } from "../../core/audit-report.ts";
import { stateLayout } from "../../core/state-layout.ts";

const REPORT = "/report.json";

/** Reads audits' reports where the audit puts them. */
export function makeAuditReports(s3: S3Client, bucket: string) {
  const read = async (key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  };
  const known = new Map<string, AuditReport>();
  return {
    /** @returns the report of the newest audit that has ended; undefined before the first */
    newest: async (table: string): Promise<AuditReport | undefined> => {
      const key = await newestKey(s3, bucket, table);
      if (key === undefined) return undefined;
      const report: AuditReport = known.get(key) ?? JSON.parse(await read(key));
      known.set(key, report);
      return report;
    },
    /** @returns the page that the audit made */
    page: (table: string, run: string): Promise<string> =>
      read(`${stateLayout.audit(table, run)}report.html`),
  };
}

async function newestKey(s3: S3Client, bucket: string, table: string): Promise<string | undefined> {
  let newest: { readonly key: string; readonly at: number } | undefined;
  const asked = { Bucket: bucket, Prefix: stateLayout.audits(table) };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, asked)) {
    for (const { Key: key = "", LastModified } of Contents) {
      const at = LastModified?.getTime() ?? 0;
      if (key.endsWith(REPORT) && at >= (newest?.at ?? 0)) newest = { key, at };
    }
  }
  return newest?.key;
}
