import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { StackClient } from "../../cli/stack-client.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import { stateLayout } from "../../core/state-layout.ts";

const REPORT = "/report.json";

/** Finds audits' reports where the audit puts them. @param readReport - as the command line reads one */
export function makeAuditReports(s3: S3Client, bucket: string, readReport: StackClient["auditReport"]) {
  const known = new Map<string, AuditReport>();
  return {
    /** @returns the report of the newest audit that has ended; undefined before the first */
    newest: async (table: string): Promise<AuditReport | undefined> => {
      const run = await newestRun(s3, bucket, table);
      if (run === undefined) return undefined;
      const report = known.get(run) ?? (await readReport(table, run));
      if (report !== undefined) known.set(run, report);
      return report;
    },
    /** @returns the page that the audit made */
    page: async (table: string, run: string): Promise<string> => {
      const Key = `${stateLayout.audit(table, run)}report.html`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    },
  };
}

async function newestRun(s3: S3Client, bucket: string, table: string): Promise<string | undefined> {
  let newest: { readonly run: string; readonly at: number } | undefined;
  const folder = stateLayout.audits(table);
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: folder },
  )) {
    for (const { Key: key = "", LastModified } of Contents) {
      const at = LastModified?.getTime() ?? 0;
      if (!key.endsWith(REPORT) || at < (newest?.at ?? 0)) continue;
      newest = { run: key.slice(folder.length, -REPORT.length), at };
    }
  }
  return newest?.run;
}
