/** Members a managed pipeline adds to every event for the manifest, and takes away before the index. */
export const SENT_MEMBERS = {
  /** The document's id. */
  id: "_trueup_id",
  /** The document's version, a whole number. */
  version: "_trueup_version",
  /** `index` or `delete`. */
  action: "_trueup_action",
  /** When the change was made, or the export was taken; epoch milliseconds. */
  time: "_trueup_time",
} as const;

/** Their names, which are no record's. */
export const SENT_MEMBER_NAMES: ReadonlySet<string> = new Set(Object.values(SENT_MEMBERS));
