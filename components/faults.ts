import * as pulumi from "@pulumi/pulumi";

/** One bad argument: where it is, and what to write instead. */
export interface Fault {
  readonly propertyPath: string;
  readonly reason: string;
}

/**
 * Refuses bad arguments, all of them at once, before any resource is made.
 *
 * @throws pulumi.InputPropertiesError listing every fault by path
 */
export function refuseFaults(subject: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: `CONFIGURATION_INVALID: ${subject} has ${faults.length} bad argument(s).`,
    errors: faults.map(({ propertyPath, reason }) => ({ propertyPath, reason })),
  });
}
