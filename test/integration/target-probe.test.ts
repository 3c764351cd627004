import { randomUUID } from "node:crypto";
import { makeOpenSearchAdmin } from "../../adapters/opensearch-admin.ts";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { makeSearchSend } from "../../adapters/opensearch-send.ts";
import { makeSearchTargetProbe } from "../../adapters/search-target-probe.ts";
import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { indexSpec, makeFakeDeps } from "../index-lifecycle/fake-deps.ts";
import { documentedLacks } from "./documented-lacks.ts";
import type { HttpFront } from "./http-front.ts";
import { notFound, refusal, rewrite, startServerlessFront, type Weakness } from "./serverless-front.ts";

const ENGINE = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const prefix = `capable-${randomUUID()}`;
const connect = (endpoint: string) =>
  makeSearchConnection({ endpoint, authentication: { kind: "none" } }, () => {
    throw new Error("no credentials are needed");
  });
const direct = makeSearchSend(connect(ENGINE));

jest.setTimeout(180_000);

let front: HttpFront | undefined;
afterEach(async () => {
  await front?.stop();
  front = undefined;
  const left = await direct("GET", `/${prefix}-*?expand_wildcards=all`);
  await direct("DELETE", `/${prefix}-*?expand_wildcards=all`);
  // Whatever was found: nothing of a trial is left.
  expect(Object.keys(Object(left.body)).filter((name) => name.includes("probe"))).toEqual([]);
});

async function findLacks(...weaknesses: readonly Weakness[]) {
  front = await startServerlessFront(ENGINE, weaknesses);
  return makeSearchTargetProbe(connect(front.url), Date.now).findLacks(`${prefix}-probe`);
}

async function createIndex(audits: boolean, ...weaknesses: readonly Weakness[]) {
  front = await startServerlessFront(ENGINE, weaknesses);
  const connection = connect(front.url);
  const deps = {
    ...makeFakeDeps(),
    admin: makeOpenSearchAdmin(makeSearchSend(connection)),
    probe: makeSearchTargetProbe(connection, Date.now),
  };
  const index = `${prefix}-custom-1`;
  const spec = indexSpec(1, { generation: index, index, writeAlias: `${index}-write`, probe: { audits } });
  const create = () => makeLifecycleActions(deps).get("Index")?.create(JSON.stringify(spec));
  return { create, exists: async () => (await direct("GET", `/${index}`)).status === 200 };
}

describe("what a target can do", () => {
  it("is everything, where it is an engine of its own", async () => {
    expect(await makeSearchTargetProbe(connect(ENGINE), Date.now).findLacks(`${prefix}-probe`)).toEqual([]);
  });

  it("is enough for a generation where only what is known to be missing in Serverless is missing", async () => {
    const lacks = await findLacks();
    expect(lacks.map(({ capability }) => capability)).toEqual(documentedLacks("serverless front"));
    expect(lacks).toEqual([
      { capability: "refresh", neededBy: "index-audit", instead: `POST /${prefix}-probe/_refresh: 404` },
      {
        capability: "statistics by shard with checkpoints (_stats)",
        neededBy: "index-audit",
        instead: `GET /${prefix}-probe/_stats: 404`,
      },
    ]);
  });

  it.each<[string, Weakness, string]>([
    [
      "settings of shards are refused",
      (request) =>
        request.method === "PUT" ? refusal(400, "illegal_argument_exception", "unknown setting") : undefined,
      "index with the settings",
    ],
    [
      "versions are refused",
      (request) =>
        request.body.includes("external_gte")
          ? refusal(400, "action_request_validation_exception", "no versioning here")
          : undefined,
      "external versions",
    ],
    [
      "versions are ignored",
      (request) =>
        request.body.includes("external_gte")
          ? rewrite(request, (text) => text.replace(/,"version":\d+,"version_type":"external_gte"/g, ""))
          : undefined,
      "external versions",
    ],
    [
      "an equal version is refused",
      (request) =>
        request.body.includes("external_gte")
          ? rewrite(request, (text) => text.replaceAll("external_gte", "external"))
          : undefined,
      "external versions",
    ],
    [
      "sequence numbers are not told",
      (request) =>
        request.path.includes("_bulk")
          ? { pass: request, change: (text) => text.replace(/,?"_seq_no":\d+/g, "") }
          : undefined,
      "external versions",
    ],
    [
      "sequence numbers are always 0",
      (request) =>
        request.path.includes("_bulk")
          ? { pass: request, change: (text) => text.replace(/"_seq_no":\d+/g, '"_seq_no":0') }
          : undefined,
      "external versions",
    ],
    [
      "require_alias is ignored",
      (request) =>
        request.path.includes("require_alias")
          ? { pass: { ...request, path: request.path.replace("require_alias=true&", "") } }
          : undefined,
      "require_alias",
    ],
    [
      "documents have no address",
      ({ path }) => (path.includes("/_doc/") ? notFound : undefined),
      "reading of a document's version",
    ],
    [
      "there are no aliases to change",
      ({ path }) => (path === "/_aliases" ? notFound : undefined),
      "search alias",
    ],
    [
      "an alias's filter is ignored",
      (request) =>
        request.path === "/_aliases"
          ? rewrite(request, (text) => text.replace(/,"filter":\{"bool":.*?\]\}\}/g, ""))
          : undefined,
      "search alias",
    ],
    [
      "deletes take no condition",
      (request) =>
        request.body.includes("if_seq_no")
          ? rewrite(request, (text) => text.replace(/,"if_seq_no":\d+,"if_primary_term":\d+/g, ""))
          : undefined,
      "delete on condition",
    ],
    [
      "there are no points in time",
      ({ path }) => (path.includes("point_in_time") ? notFound : undefined),
      "point in time",
    ],
  ])("lacks just that where %s", async (_case, weakness, capability) => {
    const lacks = (await findLacks(weakness)).map((lack) => lack.capability);
    const known = ["refresh", "statistics by shard with checkpoints (_stats)"];
    const news = lacks.filter((lack) => !known.includes(lack));
    expect(news).toEqual([expect.stringContaining(capability)]);
  });

  it("cannot be told while it is busy, or lets nobody in", async () => {
    for (const status of [403, 429, 503]) {
      const busy = refusal(status, "some_exception", "later");
      const lacks = findLacks(({ path }) => (path.includes("_settings") ? busy : undefined));
      await expect(lacks).rejects.toMatchObject({ code: "INDEX_UNAVAILABLE", retryable: true });
      await front?.stop();
    }
  });
});

describe("a generation on a target that must show what it can do", () => {
  it("is made where only audits of the index would lack something, and there are none", async () => {
    const { create, exists } = await createIndex(false);
    expect(await create()).toMatchObject({ indexUuid: expect.any(String) });
    expect(await exists()).toBe(true);
  });

  it("is refused where its audits would look at the index, with the way out", async () => {
    const { create, exists } = await createIndex(true);
    await expect(create()).rejects.toMatchObject({
      code: "TARGET_UNSUPPORTED",
      message: expect.stringContaining("no refresh: POST"),
      fix: expect.stringContaining("verifyIndex: false"),
      retryable: false,
    });
    expect(await exists()).toBe(false);
  });

  it("is refused whatever is audited where versions are not kept, and no index is made", async () => {
    const { create, exists } = await createIndex(false, (request) =>
      request.body.includes("external_gte")
        ? refusal(400, "action_request_validation_exception", "no versioning here")
        : undefined,
    );
    await expect(create()).rejects.toMatchObject({
      code: "TARGET_UNSUPPORTED",
      message: expect.stringContaining("no versioning here"),
      fix: expect.stringContaining("use a domain"),
    });
    expect(await exists()).toBe(false);
  });
});
