import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { environmentSchema } from "../adapters/environment-schema.ts";
import { SyncError } from "../core/errors.ts";
import type { EnvironmentDescriptor } from "../core/table-descriptor.ts";
import type { Terminal } from "./terminal.ts";

/** A stack, and how to reach what it made. */
export interface StackEnvironment {
  readonly descriptor: EnvironmentDescriptor;
  /** The endpoint of the AWS emulator of a stack on this machine; absent for AWS itself. */
  readonly endpoint?: string;
}

const LOCAL_STACK = "local";
const endpointsSchema = z.object({ aws: z.string() });
const run = promisify(execFile);

/**
 * Finds the environment of a stack: one that runs on this machine, or what `pulumi up` exported.
 *
 * @param stack - a stack's name; undefined means the one that runs here
 * @throws SyncError `STACK_UNKNOWN` when there is none of that name, `PREREQUISITE_MISSING` without the Pulumi command
 */
export async function findStack(
  terminal: Pick<Terminal, "cwd" | "env">,
  stack: string | undefined,
): Promise<StackEnvironment> {
  const local = readLocal(terminal);
  const wanted = stack ?? terminal.env["TRUEUP_STACK"] ?? (local === undefined ? undefined : LOCAL_STACK);
  if (wanted === undefined)
    throw stackUnknown("no stack is named and none runs here", "name one with --stack");
  if (local !== undefined && (wanted === LOCAL_STACK || wanted === local.descriptor.environment))
    return local;
  if (wanted === LOCAL_STACK) throw stackUnknown("the local stack does not run", "run `trueup local up`");
  return { descriptor: parseOutputs(await readOutputs(terminal, wanted), wanted) };
}

/** The folder of the program: the nearest one up from here with a `Pulumi.yaml`, or else this one. */
function findProjectRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function readLocal({ cwd }: Pick<Terminal, "cwd">): StackEnvironment | undefined {
  const folder = join(findProjectRoot(cwd), ".trueup/local");
  const [environment, endpoints] = [join(folder, "environment.json"), join(folder, "endpoints.json")];
  if (!existsSync(environment) || !existsSync(endpoints)) return undefined;
  const { aws } = endpointsSchema.parse(JSON.parse(readFileSync(endpoints, "utf8")));
  const descriptor = environmentSchema.parse(JSON.parse(readFileSync(environment, "utf8")));
  return { descriptor, endpoint: aws };
}

async function readOutputs({ cwd }: Pick<Terminal, "cwd">, stack: string): Promise<string> {
  try {
    const options = { cwd: findProjectRoot(cwd), maxBuffer: 64 * 1024 * 1024 };
    return (await run("pulumi", ["stack", "output", "--json", "--stack", stack], options)).stdout;
  } catch (cause) {
    if (cause instanceof Error && Reflect.get(cause, "code") === "ENOENT") {
      throw new SyncError("PREREQUISITE_MISSING", "the Pulumi command is not installed", {
        subject: `stack ${stack}`,
        fix: "install Pulumi and log in to its backend",
        retryable: false,
        cause,
      });
    }
    throw stackUnknown(`Pulumi does not give the outputs of stack ${stack}`, "see `pulumi stack ls`", cause);
  }
}

function parseOutputs(text: string, stack: string): EnvironmentDescriptor {
  const outputs = z.object({ environment: z.unknown() }).safeParse(JSON.parse(text));
  const parsed = environmentSchema.safeParse(outputs.data?.environment);
  if (parsed.success) return parsed.data;
  throw stackUnknown(
    `stack ${stack} exports no environment`,
    "export `environment` as stacks/index.ts does, and deploy",
  );
}

function stackUnknown(what: string, fix: string, cause?: unknown): SyncError {
  return new SyncError("STACK_UNKNOWN", what, { subject: "--stack", fix, retryable: false, cause });
}
