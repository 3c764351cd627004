import { toExternalVersion } from "../../core/external-version.ts";
import type { Fingerprint } from "../../core/fingerprint.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry, SourcePosition } from "../../core/manifest-entry.ts";

/** A fingerprint that stands for the n-th content of a record. */
export function fingerprintOf(content: number | string): Fingerprint {
  return String(content).padStart(32, "0") as Fingerprint;
}

/** An entry with ordinary values for whatever a test does not care about. */
export function makeEntry(
  given: Partial<Omit<ManifestEntry, "version">> & { version?: number | bigint },
): ManifestEntry {
  const { version = 1, id = "a", seqNo = 0, ...rest } = given;
  return {
    id,
    recordId: id,
    version: toExternalVersion(BigInt(version), "test"),
    fingerprint: fingerprintOf(seqNo),
    state: "present",
    tied: false,
    seqNo,
    primaryTerm: 1,
    sourceTime: 1_000,
    transformHash: "identity",
    ...rest,
  };
}

/** A stream segment's text. */
export function segmentText(
  entries: readonly ManifestEntry[],
  positions: readonly SourcePosition[] = [],
): string {
  const header = { generation: "g", indexUuid: "u", transformHash: "identity", origin: "stream" as const };
  return encodeSegment({ ...header, positions, entries });
}
