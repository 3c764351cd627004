import type { GenerationArgs } from "../../components/index.ts";
import { planGeneration, usesTransformSecrets } from "../../components/index-generation/generation-plan.ts";
import { MANAGED_DEFAULTS } from "../../components/managed-pipeline/managed-args.ts";
import { AUDIT_DEFAULTS, TABLE_DEFAULTS } from "../../components/table-defaults.ts";
import type {
  DeclaredGeneration,
  DeclaredNetwork,
  DeclaredSource,
  DeclaredStack,
  DeclaredTable,
  DeclaredTarget,
} from "../../core/check/declared-stack.ts";
import type { StackConfig } from "../../stacks/config.ts";

type TableConfig = StackConfig["tables"][string];

/** Says what a checked configuration declares, defaults applied. @param generations - of every table, as the program makes them */
export function declareStack(
  { stack, region }: { readonly stack: string; readonly region: string },
  config: Omit<StackConfig, "target"> & { readonly target?: StackConfig["target"] },
  generations: ReadonlyMap<string, readonly GenerationArgs[]>,
): DeclaredStack {
  return {
    stack,
    region,
    target: config.target === undefined ? undefined : toTarget(config.target),
    network: config.network === undefined ? undefined : toNetwork(config.network, readSecrets(generations)),
    tables: Object.entries(config.tables).map(([name, table]) =>
      toTable(name, table, generations.get(name) ?? []),
    ),
  };
}

function toTarget(target: StackConfig["target"]): DeclaredTarget {
  if ("domain" in target) return { kind: "created" };
  if ("existingDomain" in target) {
    const { arn, endpoint, securityAdminRoleArn } = target.existingDomain;
    return { kind: "domain", arn, endpoint, securityAdminRoleArn };
  }
  if ("collection" in target) return { kind: "collection", endpoint: target.collection.endpoint };
  const { url, authentication } = target;
  if (!("secretArn" in authentication)) return { kind: "url", url, secretArn: undefined };
  const secretForm = authentication.kind === "basic" ? '{"username", "password"}' : '{"apiKey"}';
  return { kind: "url", url, secretArn: authentication.secretArn, secretForm };
}

function readSecrets(generations: ReadonlyMap<string, readonly GenerationArgs[]>): boolean {
  return [...generations.values()].flat().some(usesTransformSecrets);
}

function toNetwork(network: NonNullable<StackConfig["network"]>, readsSecrets: boolean): DeclaredNetwork {
  const { vpcId, subnetIds, securityGroupIds, interfaceServices, streamsUrl } = network;
  const endpoints = network.endpoints ?? "existing";
  return { vpcId, subnetIds, securityGroupIds, endpoints, interfaceServices, streamsUrl, readsSecrets };
}

function toTable(name: string, table: TableConfig, generations: readonly GenerationArgs[]): DeclaredTable {
  const { schedule, fullEveryDays } = { ...AUDIT_DEFAULTS, ...table.audit };
  const { maximumLoaders, manifestBuckets } = { ...TABLE_DEFAULTS, ...table };
  const listed = table.generations !== undefined;
  return {
    table: name,
    source: toSource(table.source),
    generations: generations.map((generation, place) =>
      toGeneration(name, generation, listed ? `tables.${name}.generations[${place}]` : `tables.${name}`),
    ),
    audit: { schedule, fullEveryDays },
    maximumLoaders,
    manifestBuckets,
  };
}

function toSource(source: TableConfig["source"]): DeclaredSource {
  if ("dynamodb" in source) return { kind: "existing", tableName: source.dynamodb, keyArn: source.keyArn };
  if ("sql" in source) return { kind: "sql", source: source.sql, tableName: source.table };
  const { partitionKey, sortKey } = source.create;
  return { kind: "created", key: sortKey === undefined ? [partitionKey] : [partitionKey, sortKey] };
}

function toGeneration(table: string, args: GenerationArgs, path: string): DeclaredGeneration {
  const { generation, mode, pipeline } = planGeneration(table, args);
  if (pipeline === undefined) return { generation, mode, path };
  const { minimumUnits, maximumUnits, collectSeconds } = { ...MANAGED_DEFAULTS, ...pipeline };
  return { generation, mode, path, pipeline: { minimumUnits, maximumUnits, collectSeconds } };
}
