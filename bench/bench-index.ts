import type { SearchConnection } from "../adapters/opensearch-connection.ts";
import { mergeMapping } from "../components/index-generation/default-mapping.ts";
import { toIndexBody } from "../core/index-definition.ts";

/** Makes an empty index as index-lifecycle makes a generation's, with the engine's own dynamic mapping. @returns the index's uuid */
export async function makeBenchIndex(send: SearchConnection, index: string): Promise<string> {
  await send({ method: "DELETE", path: `/${index}` });
  const definition = {
    ...{ environment: "bench", table: "bench", generation: index, writeAlias: `${index}-write` },
    ...{ mapping: mergeMapping(), settings: { number_of_shards: 1, number_of_replicas: 0 } },
  };
  const body = JSON.stringify(toIndexBody(definition));
  const { status, text } = await send({ method: "PUT", path: `/${index}`, body });
  if (status !== 200) throw new Error(`cannot make ${index}: ${text}`);
  const { text: settings } = await send({ method: "GET", path: `/${index}/_settings/index.uuid` });
  return /"uuid"\s*:\s*"([^"]+)"/.exec(settings)?.[1] ?? "";
}

/** Counts what searches would find; a benchmark that lost documents measured nothing. */
export async function countDocuments(send: SearchConnection, index: string): Promise<number> {
  await send({ method: "POST", path: `/${index}/_refresh` });
  const { text } = await send({ method: "GET", path: `/${index}/_count` });
  return Number(/"count":(\d+)/.exec(text)?.[1]);
}
