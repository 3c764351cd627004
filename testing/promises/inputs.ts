import type { BrokenPromise } from "../options.ts";
import { labelled, show } from "../show.ts";
import { callTried, type Trial, toTried } from "../trial.ts";

/** Records and the values they are enriched with stay as they are. */
export async function checkInputUnchanged(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const image of trial.samples) {
    const [record] = await toTried(trial, [image]).catch(() => []);
    if (record === undefined) continue;
    const before = show(record.item);
    const whole = JSON.stringify(record.item, replaceBigints);
    await callTried(trial, [record]);
    if (JSON.stringify(record.item, replaceBigints) === whole) continue;
    return {
      promise: "input-unchanged",
      what: "it changes the record it is given; when a batch is halved or tried again, it sees what it left",
      example: labelled(["record", before], ["left as", show(record.item)]),
      fix: "copy before changing: `const document = { ...item }`, or structuredClone for what is nested",
    };
  }
  return undefined;
}

function replaceBigints(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
