/** What a transform could see of the world around it, held still. */
export interface Ambient {
  readonly nowMillis: number;
  readonly seed: number;
}

let last: Promise<unknown> = Promise.resolve();

/** Calls with a clock that stands still and with random numbers that are none, then gives the real ones back. One at a time. */
export function withAmbient<Result>(ambient: Ambient, call: () => Promise<Result>): Promise<Result> {
  const run = last.then(() => callInside(ambient, call));
  last = run.catch(() => undefined);
  return run;
}

async function callInside<Result>(
  { nowMillis, seed }: Ambient,
  call: () => Promise<Result>,
): Promise<Result> {
  const random = makeRandom(seed);
  const restore = [
    replace(globalThis, "Date", stopDate(globalThis.Date, nowMillis)),
    replace(performance, "now", () => nowMillis),
    replace(Math, "random", random),
    replace(globalThis.crypto, "randomUUID", () => toUuid(random)),
    replace(globalThis.crypto, "getRandomValues", (array: Uint8Array) => fill(array, random)),
  ];
  try {
    return await call();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

/** @returns what undoes it */
function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

function stopDate(real: DateConstructor, nowMillis: number): DateConstructor {
  return new Proxy(real, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [nowMillis] : given, newTarget),
    apply: (target) => new target(nowMillis).toString(),
    get: (target, name) => (name === "now" ? () => nowMillis : Reflect.get(target, name)),
  });
}

/** mulberry32: small, and the same everywhere. @see https://github.com/cprosche/mulberry32 */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function toUuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

function fill(array: Uint8Array, random: () => number): Uint8Array {
  for (const place of array.keys()) array[place] = Math.floor(random() * 256);
  return array;
}
