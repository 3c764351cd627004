import { setTimeout as pause } from "node:timers/promises";
import { planAliasMove } from "../core/alias-move.ts";
import { SyncError } from "../core/errors.ts";
import { toExternalVersion } from "../core/external-version.ts";
import { toIndexBody } from "../core/index-definition.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { IndexInspector } from "../core/ports/index-inspector.ts";
import type { WriteOutcome } from "../core/ports/index-writer.ts";
import type { TargetLack, TargetProbe } from "../core/ports/target-probe.ts";
import { DELETED_AT_FIELD } from "../core/table-descriptor.ts";
import { hearRefusals } from "./hear-refusals.ts";
import { makeOpenSearchAdmin } from "./opensearch-admin.ts";
import type { SearchConnection } from "./opensearch-connection.ts";
import { makeOpenSearchDocumentVersions, makeOpenSearchIdentity } from "./opensearch-identity.ts";
import { makeOpenSearchIndex } from "./opensearch-index.ts";
import { makeOpenSearchInspector } from "./opensearch-inspector.ts";
import { makeSearchSend } from "./opensearch-send.ts";

/** A collection that slept takes its time for the first write. */
const WRITE_MILLIS = 20_000;
/** How long a document may take to be searchable where nobody can ask for it. */
const VISIBLE_MILLIS = 45_000;
const POLL_MILLIS = 500;

/** One thing to try. It returns what was wrong, if anything was; a refused request is found by itself. */
interface Trial {
  readonly capability: string;
  readonly neededBy: TargetLack["neededBy"];
  readonly run: () => Promise<string | undefined>;
}

/**
 * Tries a target with the adapters that will work on it, so that what passes here is what is used there.
 *
 * A refusal of a request (400, 404 and their like) is a lack; everything else that fails may pass later and is thrown.
 */
export function makeSearchTargetProbe(connection: SearchConnection, now: Clock): TargetProbe {
  return {
    findLacks: async (index) => {
      const heard = hearRefusals(connection);
      const admin = makeOpenSearchAdmin(makeSearchSend(connection));
      await admin.deleteIndex(index);
      const lacks: TargetLack[] = [];
      try {
        for (const { capability, neededBy, run } of listTrials(heard.connection, index, now)) {
          const instead = await heard.during(run);
          if (instead === undefined) continue;
          lacks.push({ capability, neededBy, instead });
          if (DECISIVE.includes(capability)) break;
        }
        return lacks;
      } finally {
        await admin.deleteIndex(index);
      }
    },
  };
}

const INDEX = "index with the settings and the write alias of a generation";
const VERSIONS = "external versions (external_gte), with sequence numbers that rise";
/** Without these, whatever else is tried fails too, slowly. */
const DECISIVE: readonly string[] = [INDEX, VERSIONS];

function listTrials(connection: SearchConnection, index: string, now: Clock): readonly Trial[] {
  const tools = makeTools(connection, index, now);
  const generation = (capability: string, run: Trial["run"]): Trial => ({
    capability,
    neededBy: "generation",
    run,
  });
  const audit = (capability: string, run: Trial["run"]): Trial => ({
    capability,
    neededBy: "index-audit",
    run,
  });
  return [
    generation(INDEX, tools.makeIndex),
    generation(VERSIONS, tools.writeVersions),
    generation("refusal of writes to a name that is no alias (require_alias)", tools.writeToNobody),
    generation("reading of a document's version by its id", tools.readVersion),
    generation("index uuid to be told by", tools.verifyIdentity),
    generation("search alias that filters and moves", tools.moveFilteredAlias),
    generation("delete on condition of a sequence number", tools.purge),
    audit("refresh", tools.refresh),
    audit("statistics by shard with checkpoints (_stats)", tools.observe),
    audit("shard held still (point in time, or scroll)", tools.listShard),
  ];
}

function makeTools(connection: SearchConnection, index: string, now: Clock) {
  const [writeAlias, searchAlias] = [`${index}-write`, `${index}-search`];
  const send = makeSearchSend(connection);
  const admin = makeOpenSearchAdmin(send);
  const inspector = makeOpenSearchInspector(connection);
  const write = async (id: string, version: bigint, source: object, alias = writeAlias) => {
    const writer = makeOpenSearchIndex(connection, { writeAlias: alias, now });
    const told = { id, version: toExternalVersion(version, "probe"), source: JSON.stringify(source) };
    const [outcome] = await writer.write([told], now() + WRITE_MILLIS);
    return requireJudged(outcome);
  };
  let uuid = "";
  let tombstone = { id: "gone", seqNo: -1, primaryTerm: 0 };
  return {
    makeIndex: async () => {
      const mark = { environment: "probe", table: index, generation: index };
      const made = await admin.createIndex(
        index,
        toIndexBody({ ...mark, writeAlias, mapping: { dynamic: "false" }, settings: {} }),
      );
      uuid = (await admin.findIndex(index))?.indexUuid ?? "";
      return made === "created" ? undefined : `the name ${index} is taken`;
    },
    writeVersions: async () => {
      const gone = await write("gone", 2n, { [DELETED_AT_FIELD]: 1 });
      if (gone.kind !== "applied") return say(gone);
      tombstone = { id: "gone", seqNo: gone.seqNo, primaryTerm: gone.primaryTerm };
      const [first, equal, older] = [
        await write("kept", 2n, { a: 1 }),
        await write("kept", 2n, { a: 2 }),
        await write("kept", 1n, { a: 3 }),
      ];
      if (first.kind !== "applied" || equal.kind !== "applied") return `${say(first)}, then ${say(equal)}`;
      if (older.kind !== "superseded") return `an older version was ${say(older)}`;
      return equal.seqNo > first.seqNo ? undefined : `numbers ${first.seqNo}, then ${equal.seqNo}`;
    },
    writeToNobody: async () => {
      const nobody = `${index}-nobody`;
      const outcome = await write("kept", 1n, {}, nobody);
      if (outcome.kind === "unavailable") return undefined;
      await admin.deleteIndex(nobody);
      return `it was ${say(outcome)}`;
    },
    readVersion: async () => {
      const version = await makeOpenSearchDocumentVersions(connection, writeAlias).read("kept");
      return version === 2n ? undefined : `version ${version ?? "none"} instead of 2`;
    },
    verifyIdentity: async () => {
      await makeOpenSearchIdentity(connection, { writeAlias, indexUuid: uuid }, now).verify();
      return undefined;
    },
    moveFilteredAlias: async () => {
      await admin.changeAliases(planAliasMove(searchAlias, index, [], { kind: "none" }));
      const members = await admin.aliasMembers(searchAlias);
      await admin.changeAliases(planAliasMove(searchAlias, index, members, { kind: "none" }));
      const deadline = now() + VISIBLE_MILLIS;
      for (;;) {
        const { status, body } = await send("POST", `/${encodeURIComponent(searchAlias)}/_search`, {});
        const found = JSON.stringify(body ?? null);
        if (status !== 200) return `the search was answered ${status}`;
        if (found.includes('"_id":"gone"')) return "a tombstone was found";
        if (found.includes('"_id":"kept"')) return undefined;
        if (now() > deadline) return `a document was not found within ${VISIBLE_MILLIS / 1000} s`;
        await pause(POLL_MILLIS);
      }
    },
    purge: async () => {
      const [wrong] = await inspector.purge(index, [{ ...tombstone, seqNo: tombstone.seqNo + 1 }]);
      const [right] = await inspector.purge(index, [tombstone]);
      if (wrong !== undefined) return "it deleted a document that had another number";
      return right === undefined ? "it did not delete the document" : undefined;
    },
    refresh: async () => {
      await inspector.refresh(index);
      return undefined;
    },
    observe: async () => ((await inspector.observe(index)) === undefined ? "no such index" : undefined),
    listShard: async () => {
      const deadline = now() + VISIBLE_MILLIS;
      for (;;) {
        const ids = await listIds(inspector, index);
        if (ids.includes("kept")) return undefined;
        if (now() > deadline) return `it listed ${ids.length} documents`;
        await pause(POLL_MILLIS);
      }
    },
  };
}

/** An outcome that says something of the target; of what may pass later nothing can be learnt. */
function requireJudged(outcome: WriteOutcome | undefined): WriteOutcome {
  if (outcome !== undefined && !mayPass(outcome)) return outcome;
  throw new SyncError("INDEX_UNAVAILABLE", "the search target cannot be tried now", {
    subject: outcome?.kind === "unavailable" ? `status ${outcome.status}, ${outcome.reason}` : "no outcome",
    fix: "wait until it answers, and see that its policies let this function's role write",
    retryable: true,
  });
}

/** A 404 is the judgement of a missing alias; a good status without a number is an answer, too. */
function mayPass(outcome: WriteOutcome): boolean {
  if (outcome.kind !== "unavailable" || outcome.status === 404) return false;
  return outcome.status < 200 || outcome.status >= 300;
}

async function listIds(inspector: IndexInspector, index: string): Promise<readonly string[]> {
  const whole = { above: -1, through: Number.MAX_SAFE_INTEGER };
  const { name } = await inspector.openShard(index, 0, whole);
  const ids: string[] = [];
  for await (const rows of inspector.list(name, 0, { aboveSeqNo: -1, documents: 0 }, 0)) {
    ids.push(...rows.map(({ id }) => id));
  }
  await inspector.closeShard(name);
  return ids;
}

/** An acknowledgement without a number is told as unavailable, with its good status. */
function say(outcome: WriteOutcome): string {
  if (outcome.kind === "unavailable") return `answered ${outcome.status} without a sequence number`;
  return outcome.kind === "rejected" ? `rejected, ${outcome.reason}` : outcome.kind;
}
