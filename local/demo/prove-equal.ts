import { PLACES } from "./configuration.ts";
import type { DemoStack } from "./demo-stack.ts";
import { type Comparison, runChecker } from "./run-command.ts";
import { count, say, verdict } from "./screen.ts";
import { SOURCE_KEY, SOURCE_TABLE } from "./source-table.ts";

/** How long the pipeline has to catch up once nobody writes any more. */
const CATCH_UP_SECONDS = 240;

/**
 * Lets the independent checker compare the whole table with the whole index, and says what it found.
 *
 * @param expected - a Python file that knows what the documents of a transform are
 */
export async function proveEqual({ aws, search }: DemoStack, expected?: string): Promise<Comparison> {
  say("The checker reads the whole table and every document, and compares each digit …");
  const result = await runChecker({
    aws,
    search,
    table: SOURCE_TABLE,
    key: SOURCE_KEY,
    alias: PLACES,
    withinSeconds: CATCH_UP_SECONDS,
    ...(expected === undefined ? {} : { expected }),
  });
  const found = result.equal
    ? "equal"
    : `${result.missing} missing, ${result.extra} extra, ${result.different} different`;
  verdict(result.equal, `${count(result.records)} records, ${count(result.documents)} documents: ${found}`);
  return result;
}
