import * as pulumi from "@pulumi/pulumi";
import type { IndexGeneration } from "../index-generation/index-generation.ts";
import { makeLifecycleResource } from "../lifecycle-resource.ts";
import type { SearchSync } from "../search-sync.ts";
import { consumerRole } from "./security-roles.ts";

/** Lets one generation's consumers write, where the target's fine-grained access control is ours to set. */
export function makeSecurityRoles(
  search: SearchSync,
  generation: IndexGeneration,
): readonly pulumi.Resource[] {
  if (search.security === undefined) return [];
  const { plan, path } = generation;
  const backendRoles = path.writerRoleArns;
  return [
    makeLifecycleResource(
      `${plan.generation}-roles`,
      {
        action: "Security",
        functionArn: search.security.function.arn,
        responseBucket: search.context.stateBucket.name,
        spec: pulumi.output({
          roles: consumerRole(search.context.environment, plan.generation, { ...plan, backendRoles }),
        }),
      },
      { parent: generation, dependsOn: [...search.ready] },
    ),
  ];
}
