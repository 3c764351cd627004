import type { StackReading, TableFactsRead } from "../../core/check/check-stack.ts";
import type { TargetReading } from "../../core/check/check-target.ts";
import type { DeclaredTable, DeclaredTarget } from "../../core/check/declared-stack.ts";
import { type Fact, knownValue } from "../../core/check/fact.ts";
import { mapLimited } from "../../core/map-limited.ts";
import type { SourceReading, StreamReader } from "../../core/ports/source-facts.ts";
import type { StackClient } from "../stack-client.ts";
import type { CheckPorts, CheckWorld } from "./check-world.ts";
import { listFunctions, readDeployed } from "./read-deployed.ts";

/** AWS answers control-plane calls at about ten a second. */
const TABLES_AT_ONCE = 4;
const NOTHING: SourceReading = {
  table: { kind: "absent" },
  recovery: { kind: "absent" },
  openShards: { kind: "absent" },
};

/** Reads all that is checked of a stack. Only looks; a part that may not be read does not stop the others. */
export async function readStack(world: CheckWorld, stackClient: Fact<StackClient>): Promise<StackReading> {
  const { declared, ports } = world;
  const { network, target, tables } = declared;
  const read = await mapLimited(
    tables,
    TABLES_AT_ONCE,
    async (table) => [table.table, await readTable(world, table)] as const,
  );
  return {
    target: await readTarget(ports, target),
    network: network === undefined ? undefined : await ports.network.read(network),
    tables: new Map(read),
    deployed: await readDeployed(stackClient),
    ours: listFunctions(stackClient),
  };
}

async function readTarget(ports: CheckPorts, target: DeclaredTarget | undefined): Promise<TargetReading> {
  if (target?.kind === "domain") return { domain: await ports.domains.read(nameOf(target.arn)) };
  if (target?.kind !== "url" || target.secretArn === undefined) return {};
  return { secret: await ports.secrets.read(target.secretArn) };
}

/** `arn:aws:es:<region>:<account>:domain/<name>` */
function nameOf(domainArn: string): string {
  return domainArn.split("/").at(-1) ?? domainArn;
}

async function readTable(world: CheckWorld, declared: DeclaredTable): Promise<TableFactsRead> {
  const { sources, readers } = world.ports;
  const { source: wanted } = declared;
  const source = wanted.kind === "existing" ? await sources.read(wanted.tableName) : NOTHING;
  const table = knownValue(source.table);
  const none: Fact<readonly StreamReader[]> = { kind: "absent" };
  return {
    source,
    readers: table?.stream === undefined ? none : await readers.list(table.stream.arn),
    bodies: await validateBodies(world, declared, table?.tableArn),
  };
}

async function validateBodies(
  { ports, writeBody }: CheckWorld,
  { generations }: DeclaredTable,
  tableArn: string | undefined,
): Promise<TableFactsRead["bodies"]> {
  const bodies = new Map<string, Fact<readonly string[]>>();
  for (const { generation } of generations) {
    const body = writeBody(generation, tableArn);
    if (body !== undefined) bodies.set(generation, await ports.pipelines.validate(body));
  }
  return bodies;
}
