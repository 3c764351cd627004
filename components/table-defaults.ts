/** What a table is made with where its declaration says nothing; `SyncedTableArgs` documents each. */
export const TABLE_DEFAULTS = {
  consumerTimeoutSeconds: 60,
  consumerMemoryMegabytes: 1769,
  batchSize: 1000,
  batchingWindowSeconds: 0,
  maximumLoaders: 10,
  manifestBuckets: 16,
} as const;

/** The same of its audits; `AuditArgs` documents each. */
export const AUDIT_DEFAULTS = { schedule: "rate(12 hours)", fullEveryDays: 30, pollSeconds: 30 } as const;
