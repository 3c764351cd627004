/** What is ended as a crash would end it. */
export const VICTIMS = ["connector", "kafka", "postgres", "consumer", "search"] as const;

export type Victim = (typeof VICTIMS)[number];

/** One crash. */
export interface Crash {
  readonly victim: Victim;
  /** After the schedule began. */
  readonly atMillis: number;
  /** How long it is left dead; a consumer is started by the next batch, whenever that comes. */
  readonly downMillis: number;
}

const FEWEST = 2;
const MOST = 4;
const WITHIN_MILLIS = 5_000;
const LONGEST_DOWN_MILLIS = 2_500;

/** Draws when what crashes; crashes may overlap, and one may crash again while it starts. */
export function drawSchedule(dice: () => number): readonly Crash[] {
  const count = FEWEST + Math.floor(dice() * (MOST - FEWEST + 1));
  const crashes = Array.from({ length: count }, (): Crash => {
    const victim = VICTIMS[Math.floor(dice() * VICTIMS.length)] ?? "consumer";
    return {
      victim,
      atMillis: Math.floor(dice() * WITHIN_MILLIS),
      downMillis: Math.floor(dice() * LONGEST_DOWN_MILLIS),
    };
  });
  return crashes.toSorted((one, two) => one.atMillis - two.atMillis);
}

/** A schedule in the words a failure is told in, and a run can be asked for: `kafka@1200+500 consumer@3000+0`. */
export function writeSchedule(crashes: readonly Crash[]): string {
  return crashes.map(({ victim, atMillis, downMillis }) => `${victim}@${atMillis}+${downMillis}`).join(" ");
}

/** @throws RangeError for other words than {@link writeSchedule} writes */
export function parseSchedule(text: string): readonly Crash[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, name, at, down] = /^([a-z]+)@(\d+)\+(\d+)$/.exec(word) ?? [];
      const victim = VICTIMS.find((known) => known === name);
      if (victim === undefined) throw new RangeError(`${word} is no crash`);
      return { victim, atMillis: Number(at), downMillis: Number(down) };
    });
}
