import { writeFileSync } from "node:fs";
import type { EnvironmentDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import { localFiles } from "./local-folder.ts";
import { LOCAL_ACCOUNT, type LocalMachine } from "./local-machine.ts";

/** `.trueup/local/endpoints.json`: where the stack is. Credentials are test/test. */
export interface Endpoints {
  readonly aws: string;
  readonly search: string;
  readonly region: string;
  readonly accountId: string;
  /** Connection URL of the database of the first source, where the stack has any. */
  readonly postgres?: string;
  /** `host:port` of the Kafka that its changes pass through. */
  readonly kafka?: string;
  readonly tables: Readonly<
    Record<string, { readonly source: string; readonly alias: string; readonly index: string }>
  >;
}

/** Writes down where the stack is and what it exports, for the command line and for people's own programs. */
export async function writeEndpoints(
  { aws, search }: Pick<LocalMachine, "aws" | "search">,
  region: string,
  descriptor: EnvironmentDescriptor,
  streaming?: Pick<Endpoints, "postgres" | "kafka">,
): Promise<Endpoints> {
  const tables = Object.values(descriptor.tables).map(async (table) => {
    const index = await findServing(search, table);
    return [table.table, { source: table.source.tableName, alias: table.alias, index }] as const;
  });
  const endpoints: Endpoints = {
    aws,
    search,
    region,
    accountId: LOCAL_ACCOUNT,
    ...streaming,
    tables: Object.fromEntries(await Promise.all(tables)),
  };
  writeFileSync(localFiles.environment, JSON.stringify(descriptor, undefined, 2));
  writeFileSync(localFiles.endpoints, `${JSON.stringify(endpoints, undefined, 2)}\n`);
  return endpoints;
}

/** The index behind the alias now; before the first cutover, the newest generation's. */
async function findServing(search: string, { alias, generations }: TableDescriptor): Promise<string> {
  const answer = await fetch(`${search}/_alias/${encodeURIComponent(alias)}`);
  const serving = answer.ok ? Object.keys(JSON.parse(await answer.text())) : [];
  return serving[0] ?? generations.at(-1)?.index ?? "";
}
