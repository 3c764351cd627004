import { writeFileSync } from "node:fs";
import { environmentSchema } from "../../adapters/environment-schema.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { Json } from "../synth/json.ts";
import { LOCAL_ACCOUNT } from "./local-account.ts";
import { localFiles } from "./local-folder.ts";
import type { LocalMachine } from "./local-machine.ts";

/** `.trueup/local/endpoints.json`: where the stack is. Credentials are test/test. */
export interface Endpoints {
  readonly aws: string;
  readonly search: string;
  readonly region: string;
  readonly accountId: string;
  /** A connection URL of the first database declared; absent without one. */
  readonly postgres?: string;
  /** Bootstrap servers; absent without a database. */
  readonly kafka?: string;
  readonly tables: Readonly<
    Record<string, { readonly source: string; readonly alias: string; readonly index: string }>
  >;
}

/** Writes down where the stack is and what it exports, for the command line and for people's own programs. */
export async function writeEndpoints(
  { aws, search, streaming }: Pick<LocalMachine, "aws" | "search" | "streaming">,
  region: string,
  environment: Json,
): Promise<Endpoints> {
  const descriptor = environmentSchema.parse(environment);
  const tables = Object.values(descriptor.tables).map(async (table) => {
    const index = await findServing(search, table);
    return [table.table, { source: table.source.tableName, alias: table.alias, index }] as const;
  });
  const endpoints: Endpoints = {
    aws,
    search,
    region,
    accountId: LOCAL_ACCOUNT,
    ...(streaming === undefined ? {} : { postgres: streaming.database, kafka: streaming.kafka }),
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
