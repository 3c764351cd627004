import * as z from "zod";
import { type ErrorCode, SyncError } from "../core/errors.ts";
import { INDEX_MARK_NAME, toAliasFilter } from "../core/index-definition.ts";
import type { AliasAction, IndexAdmin } from "../core/ports/index-admin.ts";
import type { SearchAnswer, SearchSend } from "../core/ports/search-send.ts";
import { searchReason, unavailable } from "./search-answer.ts";

const markSchema = z.object({ environment: z.string(), table: z.string(), generation: z.string() });
const indexSchema = z.record(
  z.string(),
  z.object({
    mappings: z
      .object({
        _meta: z.looseObject({ [INDEX_MARK_NAME]: markSchema.optional().catch(undefined) }).optional(),
      })
      .optional(),
    settings: z.object({ index: z.object({ uuid: z.string() }) }),
  }),
);
const aliasSchema = z.record(
  z.string(),
  z.object({ aliases: z.record(z.string(), z.record(z.string(), z.unknown())) }),
);
const countSchema = z.object({ count: z.number() });

/**
 * Index administration over the engine's HTTP interface: the same words for OpenSearch and Elasticsearch of every version
 * we support.
 *
 * @see https://docs.opensearch.org/latest/api-reference/index-apis/index/
 * @see https://docs.opensearch.org/latest/api-reference/alias/aliases-api/ changes of one call are atomic
 */
export function makeOpenSearchAdmin(send: SearchSend): IndexAdmin {
  return {
    findIndex: async (index) => {
      const answer = await send("GET", `/${encodeURIComponent(index)}`);
      const found = missingOr(answer, (body) => indexSchema.parse(body)[index]);
      if (found === undefined) return undefined;
      const mark = found.mappings?._meta?.[INDEX_MARK_NAME];
      const indexUuid = found.settings.index.uuid;
      return { index, indexUuid, ...(mark === undefined ? {} : { mark }) };
    },
    createIndex: async (index, body) => {
      const answer = await send("PUT", `/${encodeURIComponent(index)}`, body);
      if (isNameTaken(answer)) return "exists";
      requireSuccess(answer, "CONFIGURATION_INVALID", index, "correct the mapping or settings it names");
      return "created";
    },
    putMapping: async (index, mapping) => {
      const answer = await send("PUT", `/${encodeURIComponent(index)}/_mapping`, mapping);
      requireSuccess(answer, "INDEX_CHANGE_REFUSED", index, RAISE_REVISION);
    },
    putSettings: async (index, settings) => {
      const answer = await send("PUT", `/${encodeURIComponent(index)}/_settings`, { index: settings });
      requireSuccess(answer, "INDEX_CHANGE_REFUSED", index, RAISE_REVISION);
    },
    deleteIndex: async (index) => {
      const answer = await send("DELETE", `/${encodeURIComponent(index)}`);
      if (answer.status === 404) return;
      requireSuccess(answer, "INDEX_UNAVAILABLE", index, "read the engine's reason, then deploy again");
    },
    aliasMembers: async (alias) => {
      const answer = await send("GET", `/_alias/${encodeURIComponent(alias)}`);
      const members = Object.entries(missingOr(answer, (body) => aliasSchema.parse(body)) ?? {});
      return members.map(([index, { aliases }]) => ({
        index,
        options: JSON.stringify(aliases[alias] ?? {}),
      }));
    },
    changeAliases: async (actions) => {
      const answer = await send("POST", "/_aliases", { actions: actions.map(toEngineAction) });
      if (isNothingToRemove(answer)) return;
      const subject = actions.map(({ kind, index }) => `${kind} ${index}`).join(", ");
      requireSuccess(
        answer,
        "CUTOVER_REFUSED",
        subject,
        "read the engine's reason, then run the command again",
      );
    },
    countDocuments: async (index) => {
      const answer = await send("POST", `/${encodeURIComponent(index)}/_count`, { query: toAliasFilter() });
      return missingOr(answer, (body) => countSchema.parse(body).count) ?? 0;
    },
  };
}

const RAISE_REVISION = 'undo the change, or raise "revision" so that a new index is built beside it';

function toEngineAction(action: AliasAction): unknown {
  const { kind, index } = action;
  if (kind === "delete-index") return { remove_index: { index } };
  if (kind === "remove") return { remove: { index, alias: action.alias } };
  return { add: { index, alias: action.alias, ...action.options } };
}

/**
 * A call that only removes aliases of which none exists is refused; `must_exist` would say that it is meant so, but
 * Elasticsearch 7.10 does not know it.
 */
function isNothingToRemove({ status, body }: SearchAnswer): boolean {
  return status === 404 && searchReason(body).startsWith("aliases_not_found_exception");
}

/** @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/ an alias of the name is refused as an invalid name */
function isNameTaken({ status, body }: SearchAnswer): boolean {
  return status === 400 && /resource_already_exists|invalid_index_name.*alias/.test(searchReason(body));
}

function missingOr<Found>(answer: SearchAnswer, read: (body: unknown) => Found): Found | undefined {
  if (answer.status === 404) return undefined;
  if (answer.status >= 300) throw unavailable(answer);
  return read(answer.body);
}

/** A 4xx is the engine's judgement of the request, and gets the caller's code; everything else may pass later. */
function requireSuccess(answer: SearchAnswer, code: ErrorCode, subject: string, fix: string): void {
  if (answer.status < 300) return;
  const judged = answer.status === 400 || answer.status === 404 || answer.status === 409;
  if (!judged) throw unavailable(answer);
  throw new SyncError(code, `the search engine refused: ${searchReason(answer.body)}`, {
    subject,
    fix,
    retryable: code === "INDEX_UNAVAILABLE",
  });
}
