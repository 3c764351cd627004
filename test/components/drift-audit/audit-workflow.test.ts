/** The definition as text. That it runs is shown by `test/drift-audit/audit.test.ts` and the integration tests. */
import * as z from "zod";
import { auditWorkflow } from "../../../components/drift-audit/audit-workflow.ts";
import { parseStepEvent } from "../../../drift-audit/step-event.ts";
import { findDefects, listTasks } from "../../support/state-machine-graph.ts";

const definition = auditWorkflow({ partition: "aws", auditFunctionArn: "audit", maximumWorkers: 7 });

it("reaches every state and leaves none without a way on", () => {
  expect(findDefects(definition)).toEqual([]);
});

it("calls one function only, and reads lists from S3", () => {
  const calls = new Set(listTasks(definition).map(({ resource, target }) => `${resource} ${target}`));
  expect([...calls].sort()).toEqual([
    "arn:aws:states:::lambda:invoke audit",
    "arn:aws:states:::s3:getObject undefined",
  ]);
});

it("asks for no step that the function does not know, by exactly the members it needs", () => {
  const payload = z.looseObject({ step: z.string() });
  const known: Readonly<Record<string, unknown>> = { shard: 0, bucket: 0, file: { bucket: "b", key: "k" } };
  const refusals = listTasks(definition)
    .filter(({ resource }) => resource.endsWith("lambda:invoke"))
    .map((task) => payload.parse(task.payload))
    .filter(({ step }) => step !== "plan")
    .map((asked) =>
      Object.fromEntries(
        Object.entries(asked).map(([name, value]) =>
          name.endsWith(".$") ? [name.slice(0, -2), known[name.slice(0, -2)] ?? "text"] : [name, value],
        ),
      ),
    );
  expect(refusals.length).toBeGreaterThan(18);
  for (const asked of refusals) expect(() => parseStepEvent(asked)).not.toThrow();
});

it("works on as many files, shards and buckets at once as it is told", () => {
  const maps = Object.values(definition.States).filter(({ Type }) => Type === "Map");
  expect(maps.map((map) => map["MaxConcurrency"])).toEqual([7, 7, 7, 7]);
});

it("tells of a failure of every step before it fails, and fails even when nobody can be told", () => {
  for (const [name, state] of Object.entries(definition.States)) {
    if (state.Type !== "Task" && state.Type !== "Map") continue;
    const Next = name === "TellFailure" ? "Failed" : "TellFailure";
    expect(state["Catch"]).toEqual([expect.objectContaining({ ErrorEquals: ["States.ALL"], Next })]);
  }
});
