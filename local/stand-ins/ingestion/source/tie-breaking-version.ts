/** Gives stream records their versions. One counter a shard consumer. */
export interface VersionCounter {
  /** @param epochSeconds - when the change was made, a whole second */
  next(epochSeconds: number): bigint;
  /** Counts as a consumer that has just begun. */
  reset(): void;
}

const MICROS = 1_000_000n;

/**
 * Counts as Data Prepper does: microseconds of the change's second, plus how many records this consumer saw in that second
 * before, whatever their keys. A record of an older second gets that second alone. A new consumer counts from 0.
 *
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/StreamRecordConverter.java` calculateTieBreakingVersionFromTimestamp
 */
export function makeVersionCounter(): VersionCounter {
  let current: number | undefined;
  let seen = 0n;
  return {
    next: (epochSeconds) => {
      const base = BigInt(epochSeconds) * MICROS;
      if (current !== undefined && epochSeconds < current) return base;
      seen = current === epochSeconds ? seen + 1n : 0n;
      current = epochSeconds;
      return base + seen;
    },
    reset: () => {
      current = undefined;
      seen = 0n;
    },
  };
}

/** The export's rows have one version: five minutes before it, so that the stream of those minutes wins. */
const EXPORT_OVERLAP_MILLIS = 300_000;

/** @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/ExportRecordConverter.java` */
export function toExportVersion(exportTimeMillis: number): bigint {
  return BigInt(exportTimeMillis - EXPORT_OVERLAP_MILLIS) * 1000n;
}
