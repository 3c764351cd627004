import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * What services answer for some seconds after a role was made, before IAM has told them of it and of what it may do:
 * Lambda of functions and of mappings, Step Functions, EventBridge Scheduler.
 */
const SPREADING = new RegExp(
  [
    "role defined for the function cannot be assumed",
    "execution role does not have permissions? to",
    "ensure the role can perform",
    "is authorized to assume the provided role",
    "is not authorized to create managed-rule",
    "must allow AWS EventBridge Scheduler to assume",
    "not authorized to perform: (sts:AssumeRole|states:StartExecution)",
  ].join("|"),
  "i",
);
const MAXIMUM_TRIES = 6;
/** IAM takes some seconds; Pulumi's engine tries again at once. */
const PAUSE_MILLIS = 5_000;

/** Whether an error is IAM's slowness, and few enough were seen to try again. @param errors - newest first */
export function isRoleSpreading(errors: readonly string[]): boolean {
  return errors.length < MAXIMUM_TRIES && SPREADING.test(errors[0] ?? "");
}

/**
 * A hook that tries a create or update again while IAM spreads a new role.
 *
 * Made by the program and passed to `SearchSync`, not made by it: Pulumi's mocks know no hooks, and
 * programs that use our components are tested with mocks.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export function makeRetryWhileRoleSpreads(): pulumi.ErrorHook {
  return new pulumi.ErrorHook("trueup-retry-while-role-spreads", async ({ errors }) => {
    if (!isRoleSpreading(errors)) return false;
    await pause(PAUSE_MILLIS);
    return true;
  });
}
