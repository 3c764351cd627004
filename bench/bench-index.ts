import type { SearchConnection } from "../adapters/opensearch-connection.ts";

/** Makes an empty index with a write alias, as a generation has it. @returns the index's uuid */
export async function makeBenchIndex(send: SearchConnection, index: string): Promise<string> {
  await send({ method: "DELETE", path: `/${index}` });
  const properties = { id: { type: "keyword" }, name: { type: "keyword" }, country: { type: "keyword" } };
  const body = JSON.stringify({
    aliases: { [`${index}-write`]: { is_write_index: true } },
    settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "30s" },
    mappings: { dynamic: false, properties },
  });
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
