import { SingleBar } from "cli-progress";

/** Tells a person what a long command does: a bar where somebody looks, a line a stage where nobody does. */
export interface Steps {
  readonly say: (stage: string) => void;
  readonly show: (done: number, total: number, what: string) => void;
  readonly end: () => void;
}

const NAME_WIDTH = 40;

export function startSteps(): Steps {
  const say = (stage: string) => void process.stderr.write(`${stage} …\n`);
  if (!process.stderr.isTTY) return { say, show: () => {}, end: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    format: "resources [{bar}] {value}/{total} {duration_formatted} {what}",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  let begun = false;
  return {
    say,
    show: (done, total, what) => {
      const payload = { what: what.slice(0, NAME_WIDTH) };
      if (begun) bar.update(done, payload);
      else bar.start(total, done, payload);
      begun = true;
    },
    end: () => bar.stop(),
  };
}
