import * as pulumi from "@pulumi/pulumi";
import { makeRetryWhileRoleSpreads } from "../components/index.ts";
import { configKeys } from "./config.ts";
import { runProgram } from "./program.ts";

const config = new pulumi.Config("trueup");

/** What the command line reads of the stack. */
export const environment = pulumi.output(
  runProgram(readDeclared(), {
    stack: pulumi.getStack(),
    projectRoot: pulumi.getRootDirectory(),
    errorHooks: [makeRetryWhileRoleSpreads()],
  }),
);

/** The stack file's values under `trueup:`; Pulumi hands structure over as JSON text, and plain text as it is. */
function readDeclared(): Record<string, unknown> {
  const texts = configKeys.map((key) => [key, config.get(key)] as const);
  return Object.fromEntries(
    texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, parseValue(text)]])),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
