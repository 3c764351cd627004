import { SingleBar } from "cli-progress";
import type { Terminal } from "./terminal.ts";

/** A bar for something long, drawn where somebody looks and nowhere else. */
export interface Progress {
  /** @param share - 0 to 1 */
  readonly show: (share: number, text: string) => void;
  readonly end: () => void;
}

const SILENT: Progress = { show: () => {}, end: () => {} };
const STEPS = 100;

/** Starts a bar with the time it has run; `json` keeps the output for machines. */
export function startProgress({ progressStream }: Terminal, title: string, json: boolean): Progress {
  if (progressStream === undefined || json) return SILENT;
  const bar = new SingleBar({
    stream: progressStream,
    format: `${title} [{bar}] {duration_formatted} {text}`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 1,
  });
  bar.start(STEPS, 0, { text: "" });
  return {
    show: (share, text) => bar.update(Math.round(share * STEPS), { text }),
    end: () => bar.stop(),
  };
}
