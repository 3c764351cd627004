/**
 * What AWS charges for what an audit uses, US dollars in us-east-1, as published on 2026-11-23. Estimates only: other
 * regions differ, and free tiers and discounts are left out.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ exports, per GB
 * @see https://aws.amazon.com/s3/pricing/ requests
 * @see https://aws.amazon.com/lambda/pricing/ per GB-second, arm64
 */
const PRICES = {
  asOf: "2026-11-23",
  region: "us-east-1",
  fullExportGigabyte: 0.1,
  incrementalExportGigabyte: 0.1,
} as const;

/** DynamoDB bills an incremental export for at least this much. */
const SMALLEST_INCREMENTAL_GIGABYTES = 0.01;
const BYTES_A_GIGABYTE = 1024 ** 3;

/** What an export cost, by the size AWS billed. */
export function exportCost(
  kind: "full" | "incremental",
  billedBytes: number,
): { readonly exportGigabytes: number; readonly dollars: number; readonly note: string } {
  const measured = billedBytes / BYTES_A_GIGABYTE;
  const exportGigabytes = kind === "full" ? measured : Math.max(measured, SMALLEST_INCREMENTAL_GIGABYTES);
  const price = kind === "full" ? PRICES.fullExportGigabyte : PRICES.incrementalExportGigabyte;
  return {
    exportGigabytes,
    dollars: exportGigabytes * price,
    note: `DynamoDB ${kind} export at $${price} a GB (${PRICES.region}, ${PRICES.asOf}); functions and requests not included`,
  };
}
