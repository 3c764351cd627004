import type { ChangeEvent } from "../../core/change-event.ts";
import { SyncError } from "../../core/errors.ts";
import { FLOOR_VERSION } from "../../core/external-version.ts";
import { makeTransformSecrets, renderWithSecrets } from "../../fallback-consumer/transform-secrets.ts";

const MINUTE = 60_000;
const event: ChangeEvent = {
  op: "delete",
  recordId: "a",
  key: {},
  version: FLOOR_VERSION,
  sourceTime: 0,
  position: "0",
};

function makeWorld() {
  const world = { now: 0, reads: 0, text: "first", isDown: false };
  const reader = {
    read: async (arn: string) => {
      world.reads += 1;
      if (world.isDown) {
        const detail = { subject: arn, fix: "wait", retryable: true };
        throw new SyncError("ENGINE_FAILED", "no secret", detail);
      }
      return `${world.text} of ${arn}`;
    },
  };
  return { world, secrets: makeTransformSecrets({ apiKey: "arn" }, reader, () => world.now) };
}

describe("the secrets of a transform", () => {
  it("are read once, and again minutes later, so that a rotated one is seen", async () => {
    const { world, secrets } = makeWorld();
    await secrets.refresh();
    await secrets.refresh();
    expect([secrets.values, world.reads]).toEqual([{ apiKey: "first of arn" }, 1]);
    Object.assign(world, { text: "second", now: 5 * MINUTE });
    await secrets.refresh();
    expect([secrets.values, world.reads]).toEqual([{ apiKey: "second of arn" }, 2]);
  });

  it("stay as they were while they cannot be read again", async () => {
    const { world, secrets } = makeWorld();
    await secrets.refresh();
    Object.assign(world, { isDown: true, now: 5 * MINUTE });
    await secrets.refresh();
    expect(secrets.values).toEqual({ apiKey: "first of arn" });
  });

  it("stop a batch as long as they were never read, because no record is to blame", async () => {
    const { world, secrets } = makeWorld();
    world.isDown = true;
    const render = renderWithSecrets(async (events) => events.map(() => ({ kind: "unsettled" })), secrets);
    await expect(render([event], MINUTE)).rejects.toThrow("ENGINE_FAILED");
    expect(await render([], MINUTE)).toEqual([]);
    world.isDown = false;
    expect(await render([event], MINUTE)).toEqual([{ kind: "unsettled" }]);
  });
});
