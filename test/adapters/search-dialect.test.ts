import type { RawSearchAnswer } from "../../adapters/opensearch-connection.ts";
import { makeReadDialect } from "../../adapters/search-dialect.ts";

const root = (version: object): RawSearchAnswer => ({ status: 200, text: JSON.stringify({ version }) });

function makeReader(...answers: RawSearchAnswer[]) {
  const asked: string[] = [];
  const read = makeReadDialect(async ({ method, path }) => {
    asked.push(`${method} ${path}`);
    return answers.shift() ?? { status: 500, text: "" };
  });
  return { read, asked };
}

describe("the dialect of a search target", () => {
  it.each([
    [{ distribution: "opensearch", number: "3.7.0" }, "opensearch", "point-in-time"],
    [{ distribution: "opensearch", number: "2.4.0" }, "opensearch", "point-in-time"],
    [{ distribution: "opensearch", number: "2.3.0" }, "opensearch", "scroll"],
    [{ distribution: "opensearch", number: "1.3.20" }, "opensearch", "scroll"],
    // OpenSearch with `compatibility.override_main_response_version` answers so, too.
    [{ number: "7.10.2", build_flavor: "oss" }, "elasticsearch", "scroll"],
    [{ number: "8.15.0", build_flavor: "default" }, "elasticsearch", "scroll"],
  ])("is read from the version of %j", async (version, engine, stillness) => {
    const { read } = makeReader(root(version));
    expect(await read()).toEqual({ engine, version: version.number, stillness });
  });

  it.each([
    [{ number: "7.9.3" }, "7.10"],
    [{ number: "6.8.0" }, "7.10"],
  ])("is refused to %j, which cannot refuse a late write", async (version, since) => {
    await expect(makeReader(root(version)).read()).rejects.toMatchObject({
      code: "TARGET_UNSUPPORTED",
      fix: expect.stringContaining(since),
      retryable: false,
    });
  });

  it.each([403, 404])("is today's OpenSearch where the root answers %d", async (status) => {
    expect(await makeReader({ status, text: "" }).read()).toMatchObject({
      engine: "unnamed",
      stillness: "point-in-time",
    });
  });

  it("is asked for once, and again after a failure", async () => {
    const answers = [{ status: 503, text: "" }, root({ distribution: "opensearch", number: "3.7.0" })];
    const { read, asked } = makeReader(...answers);
    await expect(read()).rejects.toMatchObject({ code: "INDEX_UNAVAILABLE", retryable: true });
    await Promise.all([read(), read()]);
    await read();
    expect(asked).toEqual(["GET /", "GET /"]);
  });
});
