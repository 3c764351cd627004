import { spawn } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import { binariesFolder, projectRoot } from "../setup/folders.ts";
import { pythonCommand } from "../setup/python.ts";

/** How a command ended. */
interface CommandResult {
  readonly status: number;
  readonly output: string;
}

/** What the checker prints. */
const comparisonSchema = z.object({
  records: z.number(),
  documents: z.number(),
  missing: z.number(),
  extra: z.number(),
  different: z.number(),
  equal: z.boolean(),
  seconds: z.number(),
});

/** What the independent checker found. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** Where the checker looks: a table of DynamoDB, by the endpoint of AWS, or of PostgreSQL, by the database's URL. */
export interface Compared {
  readonly source: { readonly aws: string } | { readonly postgres: string };
  readonly search: string;
  readonly table: string;
  readonly key: string;
  readonly alias: string;
  /** A Python file that knows what documents a transform makes. */
  readonly expected?: string;
  readonly withinSeconds: number;
}

/** Credentials that the emulator takes. */
export const demoCredentials = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "us-east-1",
};

/**
 * Runs `trueup` as a person would.
 *
 * @param accepted - exit codes that are no failure, see `cli/exit-codes.ts`
 * @throws SyncError `ENGINE_FAILED` with any other exit code
 */
export async function runTrueup(
  args: readonly string[],
  accepted: readonly number[] = [0],
): Promise<CommandResult> {
  const result = await run(join(binariesFolder, "node"), [join(projectRoot, "cli/trueup.mjs"), ...args]);
  if (!accepted.includes(result.status)) throw failed(`trueup ${args.join(" ")}`, result.status);
  return result;
}

/** Runs the checker, which shares no code with the product. */
export async function runChecker(compared: Compared): Promise<Comparison> {
  const options = Object.entries({
    ...compared.source,
    search: compared.search,
    table: compared.table,
    key: compared.key,
    alias: compared.alias,
    expected: compared.expected,
    within: String(compared.withinSeconds),
  }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const result = await run(pythonCommand("python3"), [
    join(projectRoot, "local/checker/check_equal.py"),
    ...options,
  ]);
  if (result.status > 1) throw failed("the checker", result.status);
  const found: unknown = JSON.parse(result.output);
  const comparison = comparisonSchema.parse(found);
  if (!comparison.equal) process.stderr.write(`${compared.table} differs: ${result.output}\n`);
  return comparison;
}

/** Standard error goes to ours, so that progress and faults are seen as they come. */
function run(command: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: { ...process.env, ...demoCredentials },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 2, output }));
  });
}

function failed(what: string, status: number): SyncError {
  return new SyncError("ENGINE_FAILED", `${what} ended with status ${status}`, {
    subject: `status ${status}`,
    fix: "read its message above",
    retryable: false,
  });
}
