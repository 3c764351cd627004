import type { DeclaredGeneration, DeclaredStack, DeclaredTable } from "../../../core/check/declared-stack.ts";
import type { SourceReading, TableReading } from "../../../core/ports/source-facts.ts";
import type { DomainReading } from "../../../core/ports/target-facts.ts";

const STREAM_ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders/stream/2026";

/** A custom generation, by its revision. */
export function custom(revision = 1): DeclaredGeneration {
  return { generation: `orders-custom-${revision}`, mode: "custom", path: "tables.orders" };
}

/** A managed generation of one to four units. */
export function managed(minimumUnits = 1, maximumUnits = 4): DeclaredGeneration {
  const pipeline = { minimumUnits, maximumUnits, collectSeconds: 30 };
  return { generation: "orders-managed-1", mode: "managed", path: "tables.orders", pipeline };
}

/** The table `orders` of an existing table, of one custom generation. */
export function tableOf(rest: Partial<DeclaredTable> = {}): DeclaredTable {
  return {
    table: "orders",
    source: { kind: "existing", tableName: "shop-orders", keyArn: undefined },
    generations: [custom()],
    audit: { schedule: "rate(12 hours)", fullEveryDays: 30 },
    maximumLoaders: 10,
    manifestBuckets: 16,
    ...rest,
  };
}

/** A stack of one table that makes its domain. */
export function stackOf(rest: Partial<DeclaredStack> = {}): DeclaredStack {
  return {
    stack: "prod",
    region: "eu-central-1",
    target: { kind: "created" },
    network: undefined,
    tables: [tableOf()],
    ...rest,
  };
}

/** A table as it must be. */
function readingOf(rest: Partial<TableReading> = {}): TableReading {
  return {
    tableName: "shop-orders",
    tableArn: "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders",
    status: "ACTIVE",
    sizeBytes: 10 * 1024 ** 3,
    itemCount: 6_000_000,
    key: [{ name: "id", type: "S" }],
    stream: { arn: STREAM_ARN, view: "NEW_AND_OLD_IMAGES" },
    replicaRegions: [],
    encryption: { kind: "owned" },
    ...rest,
  };
}

/** All that is read of a table as it must be. */
export function sourceOf(
  rest: Partial<TableReading> = {},
  others: Partial<SourceReading> = {},
): SourceReading {
  return {
    table: { kind: "known", value: readingOf(rest) },
    recovery: { kind: "known", value: true },
    openShards: { kind: "known", value: 4 },
    ...others,
  };
}

/** A public domain without fine-grained access control. */
export function domainOf(rest: Partial<DomainReading> = {}): DomainReading {
  return {
    domainName: "products",
    engineVersion: "OpenSearch_2.19",
    endpoints: ["search-products-abc.eu-central-1.es.amazonaws.com"],
    fineGrainedAccess: false,
    vpcId: undefined,
    policy: { statements: 0, hasDeny: false, hasAddressCondition: false },
    deleting: false,
    ...rest,
  };
}
