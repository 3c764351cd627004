import type { ExternalVersion } from "./external-version.ts";
import type { ManifestEntry } from "./manifest-entry.ts";
import { foldEntries } from "./manifest-fold.ts";

/** Documents that a truncate concerns. */
export interface OlderDocuments {
  /** Older than it: they are gone. */
  readonly older: readonly ManifestEntry[];
  /** Of its own transaction: made before or after it. */
  readonly tied: readonly ManifestEntry[];
}

/** Sorts the entries of a bucket by a truncate's version; tombstones of deleted records are left out. */
export function listOlderDocuments(
  entries: Iterable<ManifestEntry>,
  version: ExternalVersion,
): OlderDocuments {
  const older: ManifestEntry[] = [];
  const tied: ManifestEntry[] = [];
  for (const entry of foldEntries(entries).values()) {
    if (entry.state !== "present" && entry.state !== "omitted") continue;
    if (entry.version < version) older.push(entry);
    else if (entry.version === version) tied.push(entry);
  }
  return { older, tied };
}
