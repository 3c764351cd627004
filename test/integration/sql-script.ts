/** One thing to do, in the order of the script. */
export type ScriptStep =
  | { readonly kind: "statement"; readonly session: string; readonly sql: string }
  /** Goes on when so many events of a table are in Kafka. */
  | { readonly kind: "until-events"; readonly table: string; readonly count: number }
  /** Sends a signal to the connector over Kafka. */
  | { readonly kind: "signal"; readonly signal: string };

/**
 * Reads a script whose statements run one by one, each by itself unless the script begins a transaction.
 *
 * A line `-- session NAME` goes on in another session, `-- until events TABLE COUNT` waits, `-- signal JSON` signals.
 * A statement ends with a semicolon at the end of a line.
 */
export function parseScript(script: string): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  let session = "main";
  let statement: string[] = [];
  for (const line of script.split("\n")) {
    const [, name] = /^-- session (\S+)$/.exec(line) ?? [];
    const [, table, count] = /^-- until events (\S+) (\d+)$/.exec(line) ?? [];
    const [, signal] = /^-- signal (.+)$/.exec(line) ?? [];
    if (name !== undefined) session = name;
    else if (table !== undefined) steps.push({ kind: "until-events", table, count: Number(count) });
    else if (signal !== undefined) steps.push({ kind: "signal", signal });
    else if (!line.startsWith("--")) statement.push(line);
    if (!line.startsWith("--") && line.endsWith(";")) {
      steps.push({ kind: "statement", session, sql: statement.join("\n") });
      statement = [];
    }
  }
  return steps;
}
