import { SFNClient } from "@aws-sdk/client-sfn";
import { makeSfnExecutions } from "../../adapters/sfn-executions.ts";

// Seconds between tries are not waited for.
jest.mock("node:timers/promises", () => ({ setTimeout: async () => undefined }));

const MACHINE = "arn:aws:states:us-east-1:1:stateMachine:build";

/** A service that refuses so many calls before it starts anything. */
function makeService(refusals: number, name: string) {
  const client = new SFNClient({ region: "us-east-1" });
  let calls = 0;
  client.send = async () => {
    calls += 1;
    if (calls <= refusals) throw Object.assign(new Error("no"), { name });
    return { executionArn: "arn:execution" };
  };
  return { executions: makeSfnExecutions(client), calls: () => calls };
}

describe("starting an execution", () => {
  it("waits for a right that was given seconds ago", async () => {
    const { executions, calls } = makeService(3, "AccessDeniedException");
    expect(await executions.start(MACHINE, "run", "{}")).toEqual({
      kind: "started",
      executionArn: "arn:execution",
    });
    expect(calls()).toBe(4);
  });

  it("gives up on a right that does not come, and says that it was denied", async () => {
    const { executions, calls } = makeService(Number.POSITIVE_INFINITY, "AccessDenied");
    await expect(executions.start(MACHINE, "run", "{}")).rejects.toThrow(/ENGINE_FAILED: .*AccessDenied/);
    expect(calls()).toBe(13);
  });

  it("does not ask again for anything else", async () => {
    const { executions, calls } = makeService(1, "InvalidName");
    await expect(executions.start(MACHINE, "run", "{}")).rejects.toThrow(/InvalidName/);
    expect(calls()).toBe(1);
  });
});
