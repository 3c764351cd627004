import fc from "fast-check";
import { runGraph } from "../../../local/deploy/run-graph.ts";

const node = (logicalId: string, ...dependsOn: string[]) => ({ logicalId, dependsOn });
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Graphs without cycles: a node may depend on nodes before it. */
const graphs = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
  .map((rows) =>
    rows.map((row, place) =>
      node(`n${place}`, ...row.filter((other) => other < place).map((other) => `n${other}`)),
    ),
  );

describe("runGraph", () => {
  it("works on every node once, each after all it depends on", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (nodes) => {
        const ended: string[] = [];
        await runGraph(nodes, async ({ logicalId, dependsOn }) => {
          expect(dependsOn.every((id) => ended.includes(id))).toBe(true);
          await tick();
          ended.push(logicalId);
        });
        expect(ended.toSorted()).toEqual(nodes.map(({ logicalId }) => logicalId).toSorted());
      }),
    );
  });

  it("works on at most eight at once", async () => {
    let [running, most] = [0, 0];
    await runGraph(
      Array.from({ length: 50 }, (_, place) => node(`n${place}`)),
      async () => {
        running += 1;
        most = Math.max(most, running);
        await tick();
        running -= 1;
      },
    );
    expect(most).toBe(8);
  });

  it("begins nothing after a failure, lets what is under way end, and throws the first failure", async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const work = async ({ logicalId }: { readonly logicalId: string }) => {
      begun.push(logicalId);
      await tick();
      if (logicalId === "bad") throw new Error("it broke");
      await tick();
      ended.push(logicalId);
    };
    const nodes = [node("bad"), node("beside"), node("after", "beside"), node("behind", "bad")];
    await expect(runGraph(nodes, work)).rejects.toThrow("it broke");
    expect(begun).toEqual(["bad", "beside"]);
    expect(ended).toEqual(["beside"]);
  });

  it("takes dependencies outside the graph for met", async () => {
    const ended: string[] = [];
    await runGraph([node("one", "elsewhere")], async ({ logicalId }) => void ended.push(logicalId));
    expect(ended).toEqual(["one"]);
  });

  it("names the nodes of a cycle instead of waiting for ever", async () => {
    await expect(runGraph([node("one", "two"), node("two", "one")], tick)).rejects.toThrow(
      "a cycle among one, two",
    );
  });
});
