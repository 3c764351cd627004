import type { z } from "zod";
import { notificationsTopic, signalsTopic } from "../../core/debezium/connector-configuration.ts";
import { SyncError } from "../../core/errors.ts";
import type { DatabaseAdmin } from "../../core/ports/database-admin.ts";
import { requireLog, requireSlot } from "../../core/require-log.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { sourceSpecSchema } from "../source-spec.ts";
import { withDatabase } from "../with-database.ts";

type SourceSpec = z.infer<typeof sourceSpecSchema>;
type SourceDeps = Pick<LifecycleDeps, "sourceAs" | "pause">;

/** How often and how long a slot is waited for whose connector has just gone. */
const TRIES = 20;
const PAUSE_MILLIS = 3_000;

/**
 * A database's log: publication, our own tables, slot, and at the end the topics and groups that were made of it.
 *
 * A slot that was lost is never made again silently: what was changed meanwhile is in no log, and everything indexed has
 * a gap.
 */
export function makeSourceAction(deps: SourceDeps): CustomResourceAction {
  return defineAction(sourceSpecSchema, {
    identify: ({ source, names }) => `${source}/${names.topicPrefix}`,
    create: (spec) => withDatabase(deps, spec, (database) => createLog(deps, database, spec)),
    update: (spec) => withDatabase(deps, spec, (database) => keepLog(database, spec)),
    delete: (spec) => withDatabase(deps, spec, (database) => deleteLog(deps, database, spec)),
  });
}

/** The publication before the slot: a slot's reader sees a publication only where it was there at that place of the log. */
async function createLog(deps: SourceDeps, database: DatabaseAdmin, spec: SourceSpec) {
  const { slotName, publicationName } = spec.names;
  const slot = await database.findSlot(slotName);
  requireLog(await database.readLog(), spec.connection, slot === undefined);
  await database.makePublication(publicationName);
  if (slot === undefined) await database.makeSlot(slotName);
  else requireSlot(slot, slotName);
  const single = { ...spec.topics, partitions: 1 };
  await deps.sourceAs(spec.roleArn).kafka(spec.kafka).makeTopic(notificationsTopic(spec.names), single);
  await makeSignalsTopic(deps, spec);
  return {};
}

/** Where the connector may read orders of Kafka, their topic must be there: it makes none itself. */
async function makeSignalsTopic({ sourceAs }: SourceDeps, spec: SourceSpec): Promise<void> {
  if (spec.kafka.authentication.kind !== "none") return;
  const settings = { ...spec.topics, partitions: 1 };
  await sourceAs(spec.roleArn).kafka(spec.kafka).makeTopic(signalsTopic(spec.names), settings);
}

async function keepLog(database: DatabaseAdmin, { names, connection }: SourceSpec) {
  requireSlot(await database.findSlot(names.slotName), names.slotName);
  requireLog(await database.readLog(), connection, false);
  await database.makePublication(names.publicationName);
  return {};
}

async function deleteLog(deps: SourceDeps, database: DatabaseAdmin, spec: SourceSpec): Promise<void> {
  const { names, kafka, groupPrefix } = spec;
  await dropSlot(deps, database, names.slotName);
  await database.dropPublication(names.publicationName);
  const admin = deps.sourceAs(spec.roleArn).kafka(kafka);
  const ofTables = await admin.listTopics(`${names.topicPrefix}.`);
  await admin.deleteGroups(groupPrefix, ofTables);
  const ofConnector = [
    names.offsetsTopic,
    names.heartbeatTopic,
    signalsTopic(names),
    notificationsTopic(names),
  ];
  await admin.deleteTopics([...ofTables, ...ofConnector]);
}

async function dropSlot({ pause }: SourceDeps, database: DatabaseAdmin, slotName: string): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if ((await database.dropSlot(slotName)) === "gone") return;
    await pause(PAUSE_MILLIS);
  }
  throw new SyncError("ENGINE_FAILED", "the replication slot is still read", {
    subject: slotName,
    fix: "end the connector that reads it, then deploy again",
    retryable: true,
  });
}
