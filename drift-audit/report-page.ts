import type { AuditReport } from "../core/audit-report.ts";

/** Draws the page a person reads. */
export function drawReport(report: AuditReport): string {
  return `<!doctype html><title>${report.run}</title>`;
}
