import type { Fact } from "../../core/check/fact.ts";
import { knownValue } from "../../core/check/fact.ts";
import type { DeployedTable } from "../../core/check/plan-changes.ts";
import { SyncError } from "../../core/errors.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { StackClient } from "../stack-client.ts";

/** Opens the deployed stack; one that is not there is absent, and Pulumi out of reach is said. */
export async function openDeployed(open: () => Promise<StackClient>): Promise<Fact<StackClient>> {
  try {
    return { kind: "known", value: await open() };
  } catch (cause) {
    if (!(cause instanceof SyncError)) throw cause;
    return cause.code === "STACK_UNKNOWN"
      ? { kind: "absent" }
      : { kind: "unreadable", reason: cause.message };
  }
}

/** The tables of the deployed stack, with what serves. */
export async function readDeployed(client: Fact<StackClient>): Promise<Fact<readonly DeployedTable[]>> {
  if (client.kind !== "known") return client;
  const { descriptor } = client.value;
  const tables = Object.values(descriptor.tables).map((table) => readTable(client.value, table));
  return { kind: "known", value: await Promise.all(tables) };
}

async function readTable(client: StackClient, table: TableDescriptor): Promise<DeployedTable> {
  const generations = table.generations.map(({ generation }) => generation);
  return { table: table.table, generations, serving: await servingOf(client, table) };
}

/** A check goes on without it. */
async function servingOf(client: StackClient, table: TableDescriptor): Promise<string | undefined> {
  try {
    return (await client.status(table)).serving;
  } catch (cause) {
    if (cause instanceof SyncError) return undefined;
    throw cause;
  }
}

/** ARNs of the functions that read streams for the deployed stack. */
export function listFunctions(client: Fact<StackClient>): ReadonlySet<string> {
  const tables = Object.values(knownValue(client)?.descriptor.tables ?? {});
  const generations = tables.flatMap((table) => table.generations);
  return new Set(
    generations.flatMap((generation) => (generation.mode === "custom" ? [generation.consumerFunction] : [])),
  );
}
