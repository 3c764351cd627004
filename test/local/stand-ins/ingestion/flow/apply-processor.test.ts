import { processor } from "../../../../../local/stand-ins/ingestion/body/processor-schema.ts";
import type { EventData } from "../../../../../local/stand-ins/ingestion/event.ts";
import { writeJson } from "../../../../../local/stand-ins/ingestion/event.ts";
import { changeData, makeProcessor } from "../../../../../local/stand-ins/ingestion/flow/apply-processor.ts";
import { makeCallFunction } from "../../../../../local/stand-ins/ingestion/flow/call-function.ts";
import { eventOf } from "../fixtures.ts";

const change = (options: object, data: EventData) =>
  changeData({ data, metadata: { primary_key: "p" } }, processor.parse(options));

describe("add_entries", () => {
  const add = (entry: object, data: EventData = {}) => change({ add_entries: { entries: [entry] } }, data);

  it("adds values, metadata and formats, also inside", () => {
    expect(add({ key: "a", value: 1 })).toEqual({ a: 1 });
    expect(add({ key: "a/b", value_expression: 'getMetadata("primary_key")' })).toEqual({ a: { b: "p" } });
    expect(add({ key: "a", format: "${/b}!" }, { b: "x" })).toEqual({ a: "x!", b: "x" });
    expect(add({ key: "a", value_expression: 'getMetadata("none")' })).toEqual({ a: null });
  });

  it("leaves what is there, unless told otherwise", () => {
    expect(add({ key: "a", value: 1 }, { a: null })).toEqual({ a: null });
    expect(add({ key: "a", value: 1, overwrite_if_key_exists: true }, { a: null })).toEqual({ a: 1 });
  });

  it("sees what the entry before it added", () => {
    const entries = [
      { key: "a", value: 1 },
      { key: "b", value_expression: "/a" },
    ];
    expect(change({ add_entries: { entries } }, {})).toEqual({ a: 1, b: 1 });
  });
});

it("deletes, renames and copies", () => {
  expect(change({ delete_entries: { with_keys: ["a", "b/c", "x/y"] } }, { a: 1, b: { c: 1, d: 2 } })).toEqual(
    { b: { d: 2 } },
  );
  const moved = { entries: [{ from_key: "a", to_key: "b" }] };
  expect(change({ rename_keys: moved }, { a: 1 })).toEqual({ b: 1 });
  expect(change({ copy_values: moved }, { a: 1 })).toEqual({ a: 1, b: 1 });
  expect(change({ rename_keys: moved }, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  expect(change({ rename_keys: moved }, { c: 1 })).toEqual({ c: 1 });
  const over = { entries: [{ from_key: "a", to_key: "b", overwrite_if_to_key_exists: true }] };
  expect(change({ rename_keys: over }, { a: 1, b: 2 })).toEqual({ b: 1 });
});

describe("aws_lambda", () => {
  const run = async (answer: unknown, more: object = {}, count = 3) => {
    const sent: string[] = [];
    const call = makeCallFunction(async (_name, event) => {
      sent.push(event);
      return { kind: "returned", payload: JSON.stringify(answer) };
    });
    const options = processor.parse({
      aws_lambda: { function_name: "f", response_events_match: true, ...more },
    });
    const events = Array.from({ length: count }, (_, n) => eventOf({ n }, { primary_key: `${n}` }));
    const changed = await makeProcessor(options, call)(events);
    return {
      sent,
      changed: changed.map(({ data, metadata }) => `${metadata["primary_key"]} ${writeJson(data)}`),
    };
  };

  it("puts the function's answer in the place of each event, which keeps its metadata", async () => {
    const { sent, changed } = await run([{ a: 0 }, { a: 1 }, { a: 2 }]);
    expect(sent).toEqual(['{"events":[{"n":0},{"n":1},{"n":2}]}']);
    expect(changed).toEqual(['0 {"a":0}', '1 {"a":1}', '2 {"a":2}']);
  });

  it("sends batches, and merges where that is declared", async () => {
    const more = { response_mode: "merge", batch: { key_name: "list", threshold: { event_count: 1 } } };
    const { sent, changed } = await run([{ a: 1 }], more, 2);
    expect(sent).toEqual(['{"list":[{"n":0}]}', '{"list":[{"n":1}]}']);
    expect(changed).toEqual(['0 {"n":0,"a":1}', '1 {"n":1,"a":1}']);
  });

  it.each([[[{ a: 1 }]], [null], [{ a: 1 }], [[1, 2, 3]]])(
    "sends events on as they are when the answer is %j",
    async (answer) => {
      expect((await run(answer)).changed).toEqual(['0 {"n":0}', '1 {"n":1}', '2 {"n":2}']);
    },
  );

  it("sends events on as they are when the function fails", async () => {
    const call = makeCallFunction(async () => ({ kind: "function-error", reason: "no" }));
    const options = processor.parse({ aws_lambda: { function_name: "f", response_events_match: true } });
    expect((await makeProcessor(options, call)([eventOf({ n: 1 })]))[0]?.data).toEqual({ n: 1 });
  });
});
