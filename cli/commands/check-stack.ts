import { hasFailed } from "../../core/check/check-report.ts";
import { checkStack as judgeStack, type StackReading } from "../../core/check/check-stack.ts";
import type { DeclaredStack } from "../../core/check/declared-stack.ts";
import { findUnreadReason } from "../../core/check/unread-account.ts";
import { SyncError } from "../../core/errors.ts";
import type { CheckWorld } from "../check/check-world.ts";
import { openDeployed } from "../check/read-deployed.ts";
import { readStack } from "../check/read-stack.ts";
import { renderCheck } from "../check/render-check.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

/**
 * `trueup check`: what must be there before a stack is deployed, and what its deployment does and costs.
 *
 * @throws SyncError `PREREQUISITE_MISSING` when nothing can be read of the account
 */
export async function checkStack(
  world: CheckWorld,
  openStack: () => Promise<StackClient>,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const reading = await readStack(world, await openDeployed(openStack));
  requireAccount(reading, world.declared);
  const report = judgeStack(world.declared, reading);
  terminal.print(json ? JSON.stringify(report, null, 2) : renderCheck(report));
  return hasFailed(report) ? exitCodes.error : exitCodes.done;
}

/** A check that saw nothing must not look like one that found nothing. */
function requireAccount(reading: StackReading, declared: DeclaredStack): void {
  const reason = findUnreadReason(reading, declared);
  if (reason === undefined) return;
  throw new SyncError("PREREQUISITE_MISSING", `nothing can be read of the AWS account: ${reason}`, {
    subject: declared.region,
    fix: "set credentials of the account, and correct aws:region in the stack's file",
    retryable: false,
  });
}
