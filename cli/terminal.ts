/** Where a command reads the world and writes to it; tests pass their own. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly pause: (millis: number) => Promise<void>;
  /** Results: one text, ended by a line break. */
  readonly print: (text: string) => void;
  /** What people read beside results: errors, hints. */
  readonly note: (text: string) => void;
  /** Where progress is drawn; absent when nobody looks (no terminal, or `--json`). */
  readonly progressStream: NodeJS.WriteStream | undefined;
}
