import { gunzipSync } from "node:zlib";
import { s3Sink } from "../../../../../local/stand-ins/ingestion/body/sink-schema.ts";
import { makeS3Sink } from "../../../../../local/stand-ins/ingestion/sinks/s3-sink.ts";
import { eventOf, makeAccount } from "../fixtures.ts";
import { makeFakeSinkDeps } from "./fake-sink-deps.ts";

function prepare(more: object = {}) {
  const options = s3Sink.parse({
    bucket: "b",
    object_key: { path_prefix: "sent/" },
    codec: { ndjson: {} },
    threshold: { event_collect_timeout: "1s" },
    ...more,
  });
  const { world, deps } = makeFakeSinkDeps();
  const account = makeAccount();
  const sink = makeS3Sink(options, deps);
  const output = (...numbers: readonly number[]) =>
    sink.output(numbers.map((n) => eventOf({ n, own: true }, {}, account.receipt)));
  return { world, deps, sink, output, told: account.told };
}

describe("the s3 sink", () => {
  it("writes what it gathered when it is old enough", async () => {
    const { world, deps, output, told } = prepare();
    await output(1, 2);
    world.now = 1_000;
    await output();
    expect(world.objects.size).toBe(0);
    world.now = 1_001;
    await output(3);
    const [[key = "", content = ""] = []] = [...world.objects];
    expect(key).toMatch(/^b\/sent\/events-1970-01-01T00-00-01Z-1001000000-id-0\.ndjson$/);
    expect(String(content)).toBe('{"n":1,"own":true}\n{"n":2,"own":true}\n{"n":3,"own":true}\n');
    expect(told).toEqual([true, true, true]);
    expect(deps.counts).toMatchObject({ sentObjects: 1, sentLines: 3 });
  });

  it("compresses, leaves members out, and writes the rest when the pipeline ends", async () => {
    const { world, sink, output } = prepare({ compression: "gzip", exclude_keys: ["own"] });
    await output(1);
    await sink.close();
    const [[key = "", content = ""] = []] = [...world.objects];
    expect(key).toMatch(/\.ndjson\.gz$/);
    expect(gunzipSync(content).toString()).toBe('{"n":1}\n');
    await sink.close();
    expect(world.objects.size).toBe(1);
  });

  it("writes an object when it has enough events, or bytes", async () => {
    const counted = prepare({ threshold: { event_collect_timeout: "1s", event_count: 2 } });
    await counted.output(1, 2, 3);
    expect(
      [...counted.world.objects.values()].map((content) => String(content).split("\n").length - 1),
    ).toEqual([2]);
    const sized = prepare({ threshold: { event_collect_timeout: "1s", maximum_size: "1b" } });
    await sized.output(1, 2);
    expect(sized.world.objects.size).toBe(2);
  });

  it("takes nothing as done that S3 did not take", async () => {
    const { world, sink, output, told } = prepare();
    world.objectsFail = true;
    await output(1);
    await sink.close();
    expect(told).toEqual([false]);
  });
});
