import * as pulumi from "@pulumi/pulumi";

/** What services answer for some seconds after a role was made, before IAM has told them of it. */
const SPREADING =
  /cannot be assumed|is not authorized to perform: sts:AssumeRole|role defined for the function|not able to assume/i;
const MAXIMUM_TRIES = 6;

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
  return new pulumi.ErrorHook("trueup-retry-while-role-spreads", ({ errors }) => isRoleSpreading(errors));
}
