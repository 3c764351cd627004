import { SingleBar } from "cli-progress";
import Table from "cli-table3";

const COLORS = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
const WIDTH = 78;
const BAR_WIDTH = 24;

/** A bar that fills, or a line at its end where nobody looks. */
export interface Bar {
  readonly show: (done: number) => void;
  readonly end: () => void;
}

let chapterCount = 0;

/** Begins a chapter. */
export function chapter(title: string): void {
  chapterCount += 1;
  const head = `${chapterCount}  ${title} `;
  process.stdout.write(
    `\n${paint("1;36", head)}${paint("2", "─".repeat(Math.max(3, WIDTH - head.length)))}\n`,
  );
}

/** One sentence of the story. */
export function say(text: string): void {
  process.stdout.write(`   ${text}\n`);
}

/** A sentence about something that was proved, or was not. */
export function verdict(holds: boolean, text: string): void {
  process.stdout.write(`   ${holds ? paint("1;32", "✔") : paint("1;31", "✘")} ${text}\n`);
}

/** Starts a progress bar. */
export function startBar(title: string, total: number): Bar {
  if (process.stdout.isTTY !== true) return { show: () => {}, end: () => {} };
  const bar = new SingleBar({
    format: `   ${title} [{bar}] {percentage} %  {value}/{total}  {duration_formatted}`,
    barsize: BAR_WIDTH,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { show: (done) => bar.update(Math.min(done, total)), end: () => bar.stop() };
}

/** A small table, indented like the story. */
export function showTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({ head: [...head], style: { head: COLORS ? ["bold"] : [], border: [] } });
  for (const row of rows) table.push([...row]);
  process.stdout.write(`${table.toString().replaceAll(/^/gm, "   ")}\n`);
}

/** A share drawn as text: `██████░░`. */
export function drawShare(value: number, largest: number): string {
  const filled = largest === 0 ? 0 : Math.round((value / largest) * BAR_WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
}

/** `135,233`. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

function paint(code: string, text: string): string {
  return COLORS ? `\u001b[${code}m${text}\u001b[0m` : text;
}
