import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "../environment-context.ts";
import { decryptingWith, makeRolePolicy } from "../iam.ts";
import { type IndexLifecycleArgs, makeIndexLifecycle } from "../index-lifecycle.ts";
import type { LambdaFunction } from "../lambda-function.ts";
import type { ResolvedTarget } from "./resolve-target.ts";

/** Who maps roles of fine-grained access control. */
export interface SecurityMapper {
  readonly function: LambdaFunction;
  /** What must be there whenever it works. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Makes the function that maps roles, under the domain's master role; undefined where role mappings are not ours to set.
 *
 * A role that was made elsewhere is not touched: it has to have what is granted here already.
 */
export function makeSecurityMapper(
  name: string,
  context: EnvironmentContext,
  { security, domainArn }: ResolvedTarget,
  args: Omit<IndexLifecycleArgs, "existingRoleArn">,
  opts: pulumi.ComponentResourceOptions,
): SecurityMapper | undefined {
  if (security === undefined) return undefined;
  const { adminRoleArn, adminRoleName } = security;
  const mapper = makeIndexLifecycle(name, context, { ...args, existingRoleArn: adminRoleArn }, opts);
  const ready = [mapper, ...context.networkReady];
  if (adminRoleName === undefined || domainArn === undefined) return { function: mapper, ready };
  const grants = [
    {
      actions: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpDelete"],
      resources: [pulumi.interpolate`${domainArn}/_plugins/_security/api/*`],
    },
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [mapper.logGroupArn] },
    ...decryptingWith(context.keyArn),
  ];
  const policy = { roleName: adminRoleName, policyName: "security-api", grants };
  const access = makeRolePolicy(`${name}-access`, policy, opts);
  return { function: mapper, ready: [...ready, access] };
}
