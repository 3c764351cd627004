import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StandingResource, StandingResources } from "../../../local/deploy/standing-resources.ts";

function stand(logicalId: string, fifo = false): StandingResource {
  return {
    logicalId,
    type: "AWS::SQS::Queue",
    properties: { FifoQueue: fifo, Tags: [{ Key: "a", Value: "⟨" }] },
    dependsOn: ["Other"],
    protect: true,
    retain: false,
    outputs: { Ref: `${logicalId}-name` },
  };
}

describe("what stands on this machine", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "trueup-standing-"));
    file = join(folder, "resources.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is nothing before the first deploy", () => {
    expect(new StandingResources(file).all).toEqual([]);
    expect(new StandingResources(file).find("Queue")).toBeUndefined();
  });

  it("is known to the next command after every step, with all that is known of it", () => {
    const standing = new StandingResources(file);
    standing.keep(stand("Queue"));
    expect(new StandingResources(file).all).toEqual([stand("Queue")]);
    standing.keep(stand("Topic"));
    expect(new StandingResources(file).find("Topic")).toEqual(stand("Topic"));
    standing.forget("Queue");
    expect(new StandingResources(file).all).toEqual([stand("Topic")]);
  });

  it("is each known once, as it was last changed", () => {
    const standing = new StandingResources(file);
    standing.keep(stand("Queue"));
    standing.keep(stand("Queue", true));
    expect(standing.all).toEqual([stand("Queue", true)]);
    expect(new StandingResources(file).all).toEqual([stand("Queue", true)]);
  });

  it("is the same after something is forgotten that is not there", () => {
    const standing = new StandingResources(file);
    standing.keep(stand("Queue"));
    standing.forget("Queue");
    standing.forget("Queue");
    standing.forget("Never");
    expect(new StandingResources(file).all).toEqual([]);
  });

  it("is never half written: a write that was cut off leaves what was known before", () => {
    new StandingResources(file).keep(stand("Queue"));
    writeFileSync(`${file}.new`, '[{"logicalId":"Que');
    const next = new StandingResources(file);
    expect(next.all).toEqual([stand("Queue")]);
    next.keep(stand("Topic"));
    expect(readdirSync(folder)).toEqual(["resources.json"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(2);
  });
});
