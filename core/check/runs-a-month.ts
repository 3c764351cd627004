const DAYS_A_MONTH = 365 / 12;
const HOURS_A_DAY = 24;
const MINUTES_A_DAY = HOURS_A_DAY * 60;

/**
 * How often a schedule runs, in a month of 30.4 days.
 *
 * @param schedule - `rate(…)` or `cron(…)` of EventBridge Scheduler
 * @returns undefined for a form not known here
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function runsAMonth(schedule: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  if (rate !== null) return (DAYS_A_MONTH * timesADay(rate[2])) / Number(rate[1]);
  const [minute, hour, dayOfMonth, month, dayOfWeek = "?"] = fieldsOf(schedule);
  if (minute === undefined || hour === undefined || dayOfMonth === undefined || month !== "*")
    return undefined;
  const daily = times(count(minute, 60), count(hour, HOURS_A_DAY));
  return times(daily, daysAMonth(dayOfMonth, dayOfWeek));
}

function timesADay(unit: string | undefined): number {
  if (unit === "day") return 1;
  return unit === "hour" ? HOURS_A_DAY : MINUTES_A_DAY;
}

function fieldsOf(schedule: string): readonly string[] {
  return schedule.startsWith("cron(") ? schedule.slice("cron(".length, -1).split(" ") : [];
}

function daysAMonth(dayOfMonth: string, dayOfWeek: string): number | undefined {
  const isEvery = (field: string) => field === "*" || field === "?";
  if (!isEvery(dayOfMonth)) return count(dayOfMonth, 31);
  if (isEvery(dayOfWeek)) return DAYS_A_MONTH;
  return times(count(dayOfWeek, 7), DAYS_A_MONTH / 7);
}

const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** How many values a field names: lists of numbers, names, ranges, steps. */
function count(field: string, all: number): number | undefined {
  if (field === "*") return all;
  const parts = field.split(",").map((part) => countPart(part, all));
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

function countPart(part: string, all: number): number | undefined {
  const step = /^(\d+|\*)\/(\d+)$/.exec(part);
  if (step !== null) {
    const begin = step[1] === "*" ? 0 : Number(step[1]);
    return Math.ceil((all - begin) / Number(step[2]));
  }
  const [from, to = from] = part.split("-").map(toNumber);
  return from === undefined || to === undefined ? undefined : to - from + 1;
}

function toNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const place = NAMES.indexOf(text.toUpperCase());
  return place === -1 ? undefined : place + 1;
}

function times(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left * right;
}
