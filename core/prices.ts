import type { SnapshotSettings } from "./source-descriptor.ts";

/** One price of AWS, US dollars in {@link PRICE_REGION}. */
export interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
  /** Whether the figure itself was read on a page of AWS; otherwise it is second-hand. */
  readonly verified: boolean;
}

const PRICE_REGION = "us-east-1";
const AS_OF = "2026-11-23";

/** How long a month is reckoned. */
export const HOURS_A_MONTH = 730;

/**
 * What AWS charges for what this program uses. For estimates only: other regions differ, and free tiers and discounts
 * are left out.
 */
export const prices = {
  fullExport: price(0.1, "GB", "https://aws.amazon.com/dynamodb/pricing/on-demand/", false),
  incrementalExport: price(0.1, "GB", "https://aws.amazon.com/dynamodb/pricing/on-demand/", false),
  recovery: price(0.2, "GB-month", "https://aws.amazon.com/dynamodb/pricing/on-demand/", false),
  /** Of the whole cluster, whatever part of it is exported. */
  clusterExport: price(0.01, "GB of the cluster", "https://aws.amazon.com/rds/aurora/pricing/", false),
  /** Reads of Lambda's stream mappings are free. */
  streamReads: price(0.02, "100,000 reads", "https://aws.amazon.com/dynamodb/pricing/on-demand/", false),
  pipelineUnit: price(0.24, "unit and hour", "https://aws.amazon.com/opensearch-service/pricing/", false),
  functionSecond: price(0.0000133334, "GB-second, arm64", "https://aws.amazon.com/lambda/pricing/", false),
  functionRequests: price(
    0.2,
    "1,000,000 requests",
    "https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html",
    true,
  ),
  workflowSteps: price(0.025, "1,000 transitions", "https://aws.amazon.com/step-functions/pricing/", true),
  objectPuts: price(0.005, "1,000 puts", "https://aws.amazon.com/s3/pricing/", false),
  interfaceEndpoint: price(0.01, "zone and hour", "https://aws.amazon.com/privatelink/pricing/", false),
} as const;

function price(dollars: number, per: string, source: string, verified: boolean): Price {
  return { dollars, per, source, verified };
}

/** A price in words: `$0.1 a GB (not verified)`. */
export function describePrice({ dollars, per, verified }: Price): string {
  return `$${dollars} a ${per}${verified ? "" : " (not verified)"}`;
}

/** What all prices have in common, in words. */
export const PRICE_NOTE = `prices are of ${PRICE_REGION} and ${AS_OF}; those not verified were not read on a page of AWS`;

/** DynamoDB bills an incremental export for at least this much. */
const SMALLEST_INCREMENTAL_GIGABYTES = 0.01;
const BYTES_A_GIGABYTE = 1024 ** 3;

/** A size as AWS bills it. */
export function toGigabytes(bytes: number): number {
  return bytes / BYTES_A_GIGABYTE;
}

/** What an export cost, by the size AWS billed. */
export function exportCost(
  kind: "full" | "incremental",
  billedBytes: number,
): { readonly exportGigabytes: number; readonly dollars: number; readonly note: string } {
  const measured = toGigabytes(billedBytes);
  const exportGigabytes = kind === "full" ? measured : Math.max(measured, SMALLEST_INCREMENTAL_GIGABYTES);
  const { dollars } = kind === "full" ? prices.fullExport : prices.incrementalExport;
  return {
    exportGigabytes,
    dollars: exportGigabytes * dollars,
    note: `DynamoDB ${kind} export at $${dollars} a GB (${PRICE_REGION}, ${AS_OF}); functions and requests not included`,
  };
}

/** What reading a whole table of a database cost, by the size AWS billed; a query costs the database's own time. */
export function databaseReadCost(
  kind: SnapshotSettings["kind"],
  billedBytes: number,
): { readonly exportGigabytes: number; readonly dollars: number; readonly note: string } {
  if (kind === "query")
    return {
      exportGigabytes: 0,
      dollars: 0,
      note: "read by query; the database's and functions' time not included",
    };
  const exportGigabytes = toGigabytes(billedBytes);
  const { dollars } = prices.clusterExport;
  return {
    exportGigabytes,
    dollars: exportGigabytes * dollars,
    note: `Aurora export of the cluster, which its tables share, at $${dollars} a GB (${PRICE_REGION}, ${AS_OF}); functions and requests not included`,
  };
}
