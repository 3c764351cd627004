import type { z } from "zod";
import { keyAttributes } from "../../core/attribute-value.ts";
import { SyncError } from "../../core/errors.ts";
import type { DatabaseAdmin } from "../../core/ports/database-admin.ts";
import { requireTable } from "../../core/require-log.ts";
import { writeTableKey } from "../../core/table-key-text.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { sqlTableSpecSchema } from "../source-spec.ts";
import { withDatabase } from "../with-database.ts";

type SqlTableSpec = z.infer<typeof sqlTableSpecSchema>;
type SqlTableDeps = Pick<LifecycleDeps, "sourceAs" | "pause">;

/** How often and how long transactions are waited for that wrote before the table was published. */
const TRIES = 60;
const PAUSE_MILLIS = 1_000;

/** A table of a source: fit to be one, published, with a topic. It answers the table's key. */
export function makeSqlTableAction(deps: SqlTableDeps): CustomResourceAction {
  const make = (spec: SqlTableSpec) =>
    withDatabase(deps, spec, async (database) => {
      const { tableName, log } = spec;
      const facts = requireTable(await database.findTable(tableName), tableName, log !== undefined);
      const key = writeTableKey(keyAttributes(facts.key()));
      if (log !== undefined) {
        await makeTopic(deps, spec, log);
        await publish(deps, database, tableName, log.publicationName);
      }
      return { key };
    });
  return defineAction(sqlTableSpecSchema, {
    identify: ({ source, tableName }) => `${source}/${tableName}`,
    create: make,
    update: make,
    delete: (spec) => withDatabase(deps, spec, (database) => withdraw(deps, database, spec)),
  });
}

/** Records stay in order by their key, in the partition that the number of partitions gives it: it must not change. */
async function makeTopic(
  { sourceAs }: SqlTableDeps,
  { roleArn }: SqlTableSpec,
  { topic, kafka, topics }: NonNullable<SqlTableSpec["log"]>,
): Promise<void> {
  const found = await sourceAs(roleArn).kafka(kafka).makeTopic(topic, topics);
  if (found === topics.partitions) return;
  throw new SyncError("STREAM_GAP", `the topic has ${found} partitions, not ${topics.partitions}`, {
    subject: topic,
    fix: `set kafka.partitions to ${found}, or raise "revision" of the source and of its tables`,
    retryable: false,
  });
}

/**
 * Changes of a transaction that wrote to the table before it was published may be left out of the log even when it
 * commits later; a snapshot taken before that would miss them too. So all that wrote before have ended when this returns.
 *
 * @see https://www.postgresql.org/docs/release/17.5/ "ALTER PUBLICATION", what servers before did
 */
async function publish(
  { pause }: SqlTableDeps,
  database: DatabaseAdmin,
  tableName: string,
  publicationName: string,
): Promise<void> {
  await database.publish(publicationName, tableName);
  let before = await database.openWriters(tableName);
  for (let attempt = 1; before.length > 0; attempt += 1) {
    if (attempt > TRIES) throw stillWriting(tableName, before.length);
    await pause(PAUSE_MILLIS);
    const now = new Set(await database.openWriters(tableName));
    before = before.filter((writer) => now.has(writer));
  }
}

async function withdraw(
  { sourceAs }: SqlTableDeps,
  database: DatabaseAdmin,
  { roleArn, tableName, log }: SqlTableSpec,
): Promise<void> {
  if (log === undefined) return;
  await database.withdraw(log.publicationName, tableName);
  const kafka = sourceAs(roleArn).kafka(log.kafka);
  await kafka.deleteGroups(log.groupPrefix, [log.topic]);
  await kafka.deleteTopics([log.topic]);
}

function stillWriting(tableName: string, count: number): SyncError {
  return new SyncError(
    "ENGINE_FAILED",
    `${count} transaction(s) that wrote to the table before it was published are open`,
    {
      subject: tableName,
      fix: "deploy again when they have ended; see pg_stat_activity",
      retryable: true,
    },
  );
}
