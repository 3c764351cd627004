import type { Fact } from "../core/check/fact.ts";

/** What is asked, and what an answer means that is an error. */
export interface FactQuestion {
  /** The IAM action it needs. */
  readonly permission: string;
  /** Names of errors that say that there is no such thing. */
  readonly absent: readonly string[];
}

/** Names by which services of AWS deny. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const DENIED = /^(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized)/;

/**
 * Asks the account something, and makes a fact of whatever comes back: a check goes on with what it may read.
 *
 * @param ask - undefined means that there is no such thing
 */
export async function readFact<Value>(
  { permission, absent }: FactQuestion,
  ask: () => Promise<Value | undefined>,
): Promise<Fact<Value>> {
  try {
    const value = await ask();
    return value === undefined ? { kind: "absent" } : { kind: "known", value };
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error("no reason given");
    if (absent.includes(name)) return { kind: "absent" };
    const reason = message === "" ? name : `${name}: ${message}`;
    return DENIED.test(name) ? { kind: "unreadable", reason, permission } : { kind: "unreadable", reason };
  }
}
