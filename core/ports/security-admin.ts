/** A role of the search engine's security plugin, and who gets it. */
export interface SecurityRole {
  readonly role: string;
  readonly backendRoles: readonly string[];
  readonly indexPatterns: readonly string[];
  /** Allowed on those indexes. */
  readonly actions: readonly string[];
  readonly clusterActions: readonly string[];
}

/** Both calls may throw `INDEX_UNAVAILABLE` (retryable) and `SECURITY_REFUSED` (not retryable). */
export interface SecurityAdmin {
  /** Puts a role of ours and adds its backend roles to the mapping; what others mapped stays. Idempotent. */
  grant(role: SecurityRole): Promise<void>;

  /** Takes our backend roles away, and the role and its mapping when nobody else uses them. Idempotent. */
  revoke(role: SecurityRole): Promise<void>;
}
