/** The definition as text. That it runs is shown by `test/integration/build-workflow.test.ts`, on an emulator. */
import { buildWorkflow } from "../../../components/backfill/build-workflow.ts";
import { findDefects, listTasks } from "../../support/state-machine-graph.ts";

const definition = (maximumLoaders = 10) =>
  buildWorkflow({
    partition: "aws-us-gov",
    auditFunctionArn: "audit",
    lifecycleFunctionArn: "lifecycle",
    loaderFunctionArn: "loader",
    auditStateMachineArn: "audits",
    maximumLoaders,
    pollSeconds: 5,
  });

it("reaches every state and leaves none without a way on", () => {
  expect(findDefects(definition())).toEqual([]);
});

it("asks each function what it can answer, in the order of a build", () => {
  const asked = listTasks(definition()).map(
    ({ state, resource, target }) => `${state}: ${resource.slice(resource.lastIndexOf(":::") + 3)} ${target}`,
  );
  expect(asked).toEqual([
    "ResumeLoad: lambda:invoke lifecycle",
    "CheckResumedExport: lambda:invoke audit",
    "StartExport: lambda:invoke audit",
    "CheckExport: lambda:invoke audit",
    "LoadStarted: lambda:invoke lifecycle",
    "ListFiles: lambda:invoke audit",
    "LoadFiles: s3:getObject undefined",
    "LoadFile: lambda:invoke loader",
    "LoadFinished: lambda:invoke lifecycle",
    "Audit: states:startExecution.sync:2 audits",
    "Cutover: lambda:invoke lifecycle",
    "RecordFailure: lambda:invoke lifecycle",
  ]);
});

it("names integrations of its own partition", () => {
  const partitions = new Set(listTasks(definition()).map(({ resource }) => resource.split(":")[1]));
  expect(partitions).toEqual(new Set(["aws-us-gov"]));
});

it("loads as many files at once as it is told", () => {
  expect(definition(3).States["LoadFiles"]).toMatchObject({ MaxConcurrency: 3 });
});

it("records a failure of every step before it fails, and fails even when that cannot be recorded", () => {
  const steps = Object.entries(definition().States).filter(
    ([, { Type }]) => Type === "Task" || Type === "Map",
  );
  const caught = steps.map(([name, state]) => [name, state["Catch"]]);
  expect(caught).toEqual(
    steps.map(([name]) => [
      name,
      [
        expect.objectContaining({
          ErrorEquals: ["States.ALL"],
          Next: name === "RecordFailure" ? "Failed" : "RecordFailure",
        }),
      ],
    ]),
  );
});

// `ExecutionsTimedOut`, which the alarm build-stuck watches, stays 0 for a machine without a limit.
it("gives a build up after two weeks, so that a stuck one is noticed", () => {
  expect(definition().TimeoutSeconds).toBe(14 * 24 * 3600);
});
