import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDelayWindow } from "../../../local/page/delay-window.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "delay-window-"));
const file = join(folder, "output.log");
afterAll(() => rmSync(folder, { recursive: true }));

function line(generation: string, at: number, applied: number, delays: number | readonly number[]): string {
  const words = { _aws: { Timestamp: at }, table: "orders", generation, DocumentsApplied: applied };
  return `${JSON.stringify({ ...words, DelayMillis: delays })}\n`;
}

it("tells the last minute's percentiles of each generation, and nothing of one that is silent", async () => {
  let now = NOW;
  const window = makeDelayWindow(file, () => now);
  expect(await window.read()).toEqual(new Map());
  writeFileSync(file, `INFO something else\n${line("orders-custom-1", NOW - 61_000, 9, 9_000)}`);
  appendFileSync(file, line("orders-custom-1", NOW - 1_000, 100, [...Array(99).fill(20), 700]));
  appendFileSync(file, line("orders-custom-2", NOW - 1_000, 20, 40));
  const expected = { p50Millis: 20, p99Millis: 20, documentsPerSecond: 100 / 60 };
  expect((await window.read()).get("orders-custom-1")).toEqual(expected);
  now += 60_000;
  expect(await window.read()).toEqual(new Map());
});

it("reads a line that was written in two parts, and one that is none", async () => {
  const window = makeDelayWindow(file, () => NOW);
  const whole = line("g", NOW, 1, 5);
  writeFileSync(file, `{"_aws" two functions wrote here\n${whole.slice(0, 30)}`);
  expect((await window.read()).get("g")).toBeUndefined();
  appendFileSync(file, whole.slice(30));
  expect((await window.read()).get("g")).toMatchObject({ p50Millis: 5 });
});
