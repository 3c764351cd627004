import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { strToU8, unzipSync, zipSync } from "fflate";
import { SyncError } from "../../core/errors.ts";
import { SOURCE_KEY } from "./source-table.ts";

/**
 * Deploys a consumer with a bug: changes of some records are acknowledged and never written.
 *
 * Done from outside, by the AWS API everybody has: the function's code is wrapped, so the product holds no switch for it.
 *
 * @param swallow - what is left of an event, see {@link withoutItems} and {@link withoutRows}
 * @returns what deploys the code of before again
 */
export async function deploySwallowingConsumer(
  lambda: LambdaClient,
  functionName: string,
  swallow: string,
): Promise<() => Promise<void>> {
  const { Code: code, Configuration: configuration } = await lambda.send(
    new GetFunctionCommand({ FunctionName: functionName }),
  );
  if (code?.Location === undefined) throw unreadable(functionName);
  const original = new Uint8Array(await (await fetch(code.Location)).arrayBuffer());
  const wrapped = wrapHandler(original, configuration?.Handler ?? "", swallow);
  await updateCode(lambda, functionName, wrapped);
  return () => updateCode(lambda, functionName, original);
}

/** The same archive, whose entry file calls the real one with what is left of an event. */
export function wrapHandler(archive: Uint8Array, handler: string, swallow: string): Uint8Array {
  const files = unzipSync(archive);
  const [module = "", exported = ""] = handler.split(".");
  const entry = `${module}.mjs`;
  if (!(entry in files)) throw unreadable(handler);
  const { [entry]: real, ...others } = files;
  const realName = `real-${entry}`;
  return zipSync({
    ...others,
    [realName]: real ?? strToU8(""),
    [entry]: strToU8(wrapper(realName, exported, swallow)),
  });
}

/** A stream's event without some items: a JavaScript function. */
export function withoutItems(ids: readonly string[]): string {
  return `(event) => ({
    ...event,
    Records: event.Records.filter((record) => !${setOf(ids)}.has(record.dynamodb.Keys.${SOURCE_KEY}.S)),
  })`;
}

/** An event of Kafka in which changes of some rows say nothing: each has its offset, or their loss would be seen. */
export function withoutRows(ids: readonly string[]): string {
  return `(event) => {
    const isLost = ({ key }) => ${setOf(ids)}.has(String(JSON.parse(Buffer.from(key, "base64").toString()).id));
    const keep = (record) => (isLost(record) ? { ...record, value: undefined } : record);
    const kept = Object.entries(event.records).map(([partition, records]) => [partition, records.map(keep)]);
    return { ...event, records: Object.fromEntries(kept) };
  }`;
}

function setOf(ids: readonly string[]): string {
  return `new Set(${JSON.stringify(ids)})`;
}

function wrapper(realName: string, exported: string, swallow: string): string {
  return `import * as real from "./${realName}";
const swallow = ${swallow};
export const ${exported} = (event, context) => real.${exported}(swallow(event), context);
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
