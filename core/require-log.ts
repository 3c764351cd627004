import { SyncError } from "./errors.ts";
import type { LogFacts, SlotFacts, SqlTableFacts } from "./ports/database-admin.ts";
import type { DatabaseConnection } from "./source-descriptor.ts";

type Place = Pick<DatabaseConnection, "host" | "database">;

/**
 * Refuses a database whose log cannot be read, before anything of ours is in it.
 *
 * @param needsSlot - whether a slot is still to be made
 * @throws SyncError `PREREQUISITE_MISSING` that lists all that is missing, with what to do about each (not retryable)
 */
export function requireLog(facts: LogFacts, { host, database }: Place, needsSlot: boolean): void {
  const checks: readonly (readonly [boolean, string])[] = [
    [!facts.isReplica, "it is a replica; name its writer"],
    [
      facts.walLevel === "logical",
      `wal_level is ${facts.walLevel}; set it to logical (on RDS and Aurora: rds.logical_replication = 1 in the parameter group) and restart`,
    ],
    [
      facts.mayReplicate,
      `${facts.user} may not make slots; alter role … replication, or grant rds_replication to it on RDS`,
    ],
    [facts.mayCreate, `${facts.user} may not make a schema; grant create on database ${database} to it`],
    [
      !needsSlot || facts.usedSlots < facts.maximumSlots,
      `all ${facts.maximumSlots} replication slots are taken; raise max_replication_slots and max_wal_senders, and restart`,
    ],
  ];
  refuse("the database's log cannot be read", `${host} ${database}`, checks);
}

/**
 * Refuses a table that changes of cannot be brought to its documents.
 *
 * @param isPublished - whether its changes are read of the log
 * @throws SyncError `PREREQUISITE_MISSING` that lists all that is wrong with it (not retryable)
 */
export function requireTable(
  facts: SqlTableFacts | undefined,
  tableName: string,
  isPublished: boolean,
): SqlTableFacts {
  if (facts === undefined) {
    throw new SyncError("PREREQUISITE_MISSING", "the database has no such table", {
      subject: tableName,
      fix: "create it, or correct its name",
      retryable: false,
    });
  }
  const { kind } = facts;
  refuse("the table cannot be a source", tableName, [
    [kind !== "partition", "it is a partition; name the table it is a partition of"],
    [kind !== "other", "it is no table: a view, a foreign table, or the like"],
    [facts.mayRead, "the user may not read it; grant select on it"],
    [!facts.hidesRows, "row security hides rows of it; let the user bypass it: alter role … bypassrls"],
    ...(isPublished ? publicationChecks(facts, tableName) : []),
  ]);
  return facts;
}

/** A key in the log is what an update's or a delete's document is found by. */
function publicationChecks(
  { isLogged, isOwned, replicaIdentity }: SqlTableFacts,
  tableName: string,
): readonly (readonly [boolean, string])[] {
  const identity = `its replica identity is ${replicaIdentity}; alter table ${tableName} replica identity default`;
  return [
    [isLogged, "it is unlogged or temporary, and its changes are in no log; alter table … set logged"],
    [isOwned, "the user does not own it, and only owners publish; grant the owner's role to the user"],
    [replicaIdentity === "default" || replicaIdentity === "full", identity],
  ];
}

/**
 * Refuses a slot that is not ours, or no longer holds what its reader has not read.
 *
 * @throws SyncError `STREAM_GAP` for one that is lost (not retryable)
 * @throws SyncError `PREREQUISITE_MISSING` for somebody else's (not retryable)
 */
export function requireSlot(slot: SlotFacts | undefined, slotName: string): void {
  if (slot === undefined || slot.lost) {
    const what =
      slot === undefined
        ? "is gone"
        : "lost its log: its reader stood still for longer than the server keeps it";
    throw new SyncError("STREAM_GAP", `the replication slot ${what}`, {
      subject: slotName,
      fix: 'raise "revision" of the source and of its tables: changes since then are in no log, so what is indexed cannot be trusted to be complete',
      retryable: false,
    });
  }
  refuse("a replication slot of that name is not ours", slotName, [
    [slot.isHere, "it belongs to another database; name the source otherwise"],
    [slot.plugin === "pgoutput", `it decodes by ${slot.plugin}; drop it, or name the source otherwise`],
  ]);
}

function refuse(what: string, subject: string, checks: readonly (readonly [boolean, string])[]): void {
  const [first, ...others] = checks.flatMap(([holds, reason]) => (holds ? [] : [reason]));
  if (first === undefined) return;
  const more = others.map((reason) => `; also ${reason}`).join("");
  throw new SyncError("PREREQUISITE_MISSING", what, { subject, fix: `${first}${more}`, retryable: false });
}
