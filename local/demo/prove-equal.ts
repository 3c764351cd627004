import { PLACES } from "./configuration.ts";
import type { DemoStack } from "./demo-stack.ts";
import { CITIES, CITIES_TABLE } from "./relational/geo-configuration.ts";
import { type Compared, type Comparison, runChecker } from "./run-command.ts";
import { count, say, verdict } from "./screen.ts";
import { SOURCE_KEY, SOURCE_TABLE } from "./source-table.ts";

/** How long the pipeline has to catch up once nobody writes any more. */
const CATCH_UP_SECONDS = 240;

/**
 * Lets the independent checker compare the whole table of places with the whole index, and says what it found.
 *
 * @param expected - a Python file that knows what the documents of a transform are
 */
export function proveEqual({ aws, search }: DemoStack, expected?: string): Promise<Comparison> {
  const places = { table: SOURCE_TABLE, key: SOURCE_KEY, alias: PLACES };
  return prove({ source: { aws }, search, ...places, ...(expected === undefined ? {} : { expected }) });
}

/** The same for the table of cities in PostgreSQL. */
export function proveCitiesEqual({ search }: DemoStack, postgres: string): Promise<Comparison> {
  return prove({ source: { postgres }, search, table: CITIES_TABLE, key: "id", alias: CITIES });
}

async function prove(compared: Omit<Compared, "withinSeconds">): Promise<Comparison> {
  say("The checker reads the whole table and every document, and compares each digit …");
  const result = await runChecker({ ...compared, withinSeconds: CATCH_UP_SECONDS });
  const found = result.equal
    ? "equal"
    : `${result.missing} missing, ${result.extra} extra, ${result.different} different`;
  verdict(result.equal, `${count(result.records)} records, ${count(result.documents)} documents: ${found}`);
  return result;
}
