import type { PipelineDescription } from "../../../../local/stand-ins/ingestion/describe-pipeline.ts";
import type { Pipelines } from "../../../../local/stand-ins/ingestion/pipelines.ts";
import { makeSinkCounts } from "../../../../local/stand-ins/ingestion/sinks/sink-counts.ts";
import { answerPipelines } from "../../../../local/stand-ins/pipeline-endpoints.ts";

const described: PipelineDescription = {
  name: "orders",
  status: "ACTIVE",
  arn: "arn",
  ingestEndpointUrl: "url",
  paused: false,
  startedAt: 0,
  export: { state: "none", loadedFiles: 0 },
  shards: [],
  sinks: makeSinkCounts(),
};

function prepare() {
  const asked: unknown[] = [];
  const note = <Result>(result: Result, ...what: readonly unknown[]): Result => {
    asked.push(what);
    return result;
  };
  const pipelines: Pipelines = {
    put: async (...given) => note(described, "put", ...given),
    remove: async (...given) => note(undefined, "remove", ...given),
    find: (name) => (name === "orders" ? described : undefined),
    list: () => [described],
    weaken: async (...given) => note(described, "weaken", ...given),
    removeAll: async () => {},
  };
  const ask = (method: string, url: string) =>
    answerPipelines(pipelines, { method, url, readBody: async (subject) => `body of ${subject}` });
  return { asked, ask };
}

describe("the endpoints of pipelines", () => {
  it("put, find, list, weaken and remove", async () => {
    const { asked, ask } = prepare();
    expect(await ask("PUT", "/_trueup/pipelines/orders")).toEqual({ status: 200, body: described });
    expect(await ask("GET", "/_trueup/pipelines/orders")).toEqual({ status: 200, body: described });
    expect(await ask("GET", "/_trueup/pipelines")).toEqual({ status: 200, body: { pipelines: [described] } });
    expect(await ask("POST", "/_trueup/pipelines/orders/weakness")).toEqual({ status: 200, body: described });
    expect(await ask("DELETE", "/_trueup/pipelines/orders")).toEqual({ status: 200, body: {} });
    expect(asked).toEqual([
      ["put", "orders", "body of orders"],
      ["weaken", "orders", "body of orders"],
      ["remove", "orders"],
    ]);
  });

  it("refuse what there is not, and leave the rest to others", async () => {
    const { ask } = prepare();
    expect((await ask("GET", "/_trueup/pipelines/others"))?.status).toBe(404);
    expect((await ask("PATCH", "/_trueup/pipelines/orders"))?.status).toBe(405);
    expect((await ask("GET", "/_trueup/pipelines/orders/weakness"))?.status).toBe(405);
    expect(await ask("GET", "/_trueup/health")).toBeUndefined();
  });
});
