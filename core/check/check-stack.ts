import type { NetworkReading } from "../ports/network-facts.ts";
import type { SourceReading, StreamReader } from "../ports/source-facts.ts";
import { PRICE_NOTE } from "../prices.ts";
import { checkBuildTime, toSize } from "./check-build-time.ts";
import type { CheckFinding } from "./check-finding.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPipelineBody } from "./check-pipeline.ts";
import { type CheckReport, sumAMonth } from "./check-report.ts";
import { checkKeys, checkShards, checkStreamReaders } from "./check-stream-load.ts";
import { checkTable } from "./check-table.ts";
import { checkTarget, type TargetReading } from "./check-target.ts";
import type { DeclaredStack, DeclaredTable } from "./declared-stack.ts";
import { environmentCosts, tableCosts } from "./estimate-cost.ts";
import { describeRates, type TableSize } from "./estimate-duration.ts";
import { type Fact, knownValue } from "./fact.ts";
import { type DeployedTable, planChanges } from "./plan-changes.ts";

/** What was read of one declared table. */
export interface TableFactsRead {
  readonly source: SourceReading;
  readonly readers: Fact<readonly StreamReader[]>;
  /** What OpenSearch Ingestion says of the pipelines' bodies, by generation. */
  readonly bodies: ReadonlyMap<string, Fact<readonly string[]>>;
}

/** All that was read for a stack. */
export interface StackReading {
  readonly target: TargetReading;
  readonly network: NetworkReading | undefined;
  /** By the table's name in the configuration. */
  readonly tables: ReadonlyMap<string, TableFactsRead>;
  /** Not readable without Pulumi or its backend. */
  readonly deployed: Fact<readonly DeployedTable[]>;
  /** Functions that the stack has made. */
  readonly ours: ReadonlySet<string>;
}

/** Judges a stack by what was read, and reckons what its deployment does and costs. */
export function checkStack(stack: DeclaredStack, reading: StackReading): CheckReport {
  const sizes = new Map(
    stack.tables.flatMap((table): [string, TableSize][] => {
      const size = sizeOf(table, reading);
      return size === undefined ? [] : [[table.table, size]];
    }),
  );
  const costs = [
    ...environmentCosts(stack),
    ...stack.tables.flatMap((table) => costsOf(table, sizes, reading)),
  ];
  return {
    stack: stack.stack,
    region: stack.region,
    findings: findAll(stack, reading),
    changes: planChanges(stack, knownValue(reading.deployed) ?? [], sizes),
    costs,
    dollarsAMonth: sumAMonth(costs),
    assumptions: [...describeDeployed(reading.deployed), ...describeRates(), PRICE_NOTE, ...LEFT_OUT],
  };
}

const LEFT_OUT = [
  "a table's size and number of records are as AWS last counted them, up to six hours ago",
  "estimates leave out: a domain and its storage, data transfer, logs, alarms, stored objects, keys, free tiers, discounts, other regions' prices",
];

/** A new table is empty. */
function sizeOf({ table, source }: DeclaredTable, { tables }: StackReading): TableSize | undefined {
  if (source.kind === "created") return { bytes: 0, records: 0 };
  const read = tables.get(table);
  return read === undefined ? undefined : toSize(knownValue(read.source.table));
}

function costsOf(table: DeclaredTable, sizes: ReadonlyMap<string, TableSize>, { tables }: StackReading) {
  const size = sizes.get(table.table);
  const shards = tables.get(table.table)?.source.openShards;
  return size === undefined ? [] : tableCosts(table, size, (shards && knownValue(shards)) ?? 1);
}

function findAll(stack: DeclaredStack, reading: StackReading): readonly CheckFinding[] {
  const { network, target, tables, ours } = reading;
  return [
    ...checkTarget(stack, target),
    ...(network === undefined ? [] : checkNetwork(stack, network)),
    ...stack.tables.flatMap((declared) => {
      const read = tables.get(declared.table);
      return read === undefined ? [] : findInTable(declared, read, ours);
    }),
  ];
}

function findInTable(
  declared: DeclaredTable,
  { source, readers, bodies }: TableFactsRead,
  ours: ReadonlySet<string>,
): readonly CheckFinding[] {
  return [
    ...checkTable(declared, source),
    ...checkKeys(declared, source),
    ...checkStreamReaders(declared, source, readers, ours),
    ...checkShards(declared, source),
    ...checkBuildTime(declared, source),
    ...declared.generations.flatMap(({ generation, path }) => {
      const faults = bodies.get(generation);
      return faults === undefined ? [] : [checkPipelineBody(path, faults)];
    }),
  ];
}

function describeDeployed(deployed: Fact<unknown>): readonly string[] {
  switch (deployed.kind) {
    case "known":
      return [];
    case "absent":
      return [
        "the stack is not deployed, or Pulumi does not know it here: every generation is taken for new",
      ];
    case "unreadable":
      return [
        `the deployed stack could not be read, so every generation is taken for new: ${deployed.reason}`,
      ];
  }
}
