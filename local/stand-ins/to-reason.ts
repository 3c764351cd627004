/** What is told of something that was thrown. */
export function toReason(cause: unknown): string {
  return cause instanceof Error ? cause.message : "no reason given";
}
