import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { strToU8, unzipSync, zipSync } from "fflate";
import { SyncError } from "../../core/errors.ts";
import { SOURCE_KEY } from "./source-table.ts";

/**
 * Deploys a consumer with a bug: changes of some records are acknowledged and never written.
 *
 * Done from outside, by the AWS API everybody has: the function's code is wrapped, so the product holds no switch for it.
 *
 * @param ids - records whose changes are lost
 * @returns what deploys the code of before again
 */
export async function deploySwallowingConsumer(
  lambda: LambdaClient,
  functionName: string,
  ids: readonly string[],
): Promise<() => Promise<void>> {
  const { Code: code, Configuration: configuration } = await lambda.send(
    new GetFunctionCommand({ FunctionName: functionName }),
  );
  if (code?.Location === undefined) throw unreadable(functionName);
  const original = new Uint8Array(await (await fetch(code.Location)).arrayBuffer());
  const wrapped = wrapHandler(original, configuration?.Handler ?? "", ids);
  await updateCode(lambda, functionName, wrapped);
  return () => updateCode(lambda, functionName, original);
}

/** The same archive, whose entry file calls the real one with some records left out. */
export function wrapHandler(archive: Uint8Array, handler: string, ids: readonly string[]): Uint8Array {
  const files = unzipSync(archive);
  const [module = "", exported = ""] = handler.split(".");
  const entry = `${module}.mjs`;
  if (!(entry in files)) throw unreadable(handler);
  const { [entry]: real, ...others } = files;
  const realName = `real-${entry}`;
  return zipSync({
    ...others,
    [realName]: real ?? strToU8(""),
    [entry]: strToU8(wrapper(realName, exported, ids)),
  });
}

function wrapper(realName: string, exported: string, ids: readonly string[]): string {
  return `import * as real from "./${realName}";
const swallowed = new Set(${JSON.stringify(ids)});
export const ${exported} = (event, context) =>
  real.${exported}(
    { ...event, Records: event.Records.filter((record) => !swallowed.has(record.dynamodb.Keys.${SOURCE_KEY}.S)) },
    context,
  );
`;
}

async function updateCode(lambda: LambdaClient, functionName: string, archive: Uint8Array): Promise<void> {
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile: archive }));
}

function unreadable(subject: string): SyncError {
  return new SyncError("ENGINE_FAILED", "the code of a function cannot be read", {
    subject,
    fix: "look at the emulator's output under .trueup/local",
    retryable: false,
  });
}
