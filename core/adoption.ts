import { SyncError } from "./errors.ts";
import type { Adoption } from "./table-control.ts";

/** What the engine has under the name of a table's search alias. */
export interface AliasFacts {
  /** A concrete index carries the name, so no alias can. */
  readonly concreteIndex: boolean;
  /** The indexes behind the alias of that name; empty when there is none. */
  readonly indexes: readonly { readonly index: string; readonly ours: boolean }[];
}

/** What moving the alias must take away besides what is ours. */
export type Takeover =
  /** Nothing of others is there. */
  | { readonly kind: "none" }
  /** The alias points at indexes somebody else made; they stay, without the alias. */
  | { readonly kind: "alias"; readonly indexes: readonly string[] }
  /** An index somebody else made carries the alias's name and is deleted in the same step. */
  | { readonly kind: "index"; readonly index: string };

/**
 * Decides whether a table may take its alias's name over from whoever has it now.
 *
 * @throws SyncError `INDEX_EXISTS` when an index or alias of that name is not ours and nothing says `adopt`
 * @throws SyncError `ADOPTION_REFUSED` when `adopt` does not cover what is there (neither is retryable)
 */
export function planTakeover(alias: string, facts: AliasFacts, adopt: Adoption | undefined): Takeover {
  if (facts.concreteIndex) return takeIndex(alias, adopt);
  const foreign = facts.indexes.filter(({ ours }) => !ours).map(({ index }) => index);
  if (foreign.length === 0) return { kind: "none" };
  if (adopt === undefined) throw exists(`alias ${alias} on ${foreign.join(", ")}`, `{ alias: ${alias} }`);
  const covered = adopt.alias === alias || foreign.every((index) => index === adopt.index);
  if (!covered) throw refused(`alias ${alias} on ${foreign.join(", ")}`, `write adopt: { alias: ${alias} }`);
  return { kind: "alias", indexes: foreign };
}

function takeIndex(alias: string, adopt: Adoption | undefined): Takeover {
  if (adopt === undefined) throw exists(`index ${alias}`, `{ index: ${alias}, deleteIndexAtCutover: true }`);
  if (adopt.index === alias && adopt.deleteIndexAtCutover === true) return { kind: "index", index: alias };
  throw refused(
    `index ${alias} carries the alias's own name`,
    `write adopt: { index: ${alias}, deleteIndexAtCutover: true }, which deletes it at cutover and has no rollback`,
  );
}

function exists(subject: string, adopt: string): SyncError {
  return new SyncError(
    "INDEX_EXISTS",
    "the search alias's name is taken by something this stack did not make",
    {
      subject,
      fix: `give the table another name, or write adopt: ${adopt} to cut over from it`,
      retryable: false,
    },
  );
}

function refused(subject: string, fix: string): SyncError {
  return new SyncError("ADOPTION_REFUSED", "what has the search alias's name is not what adopt allows", {
    subject,
    fix,
    retryable: false,
  });
}
