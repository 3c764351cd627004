import * as pulumi from "@pulumi/pulumi";
import { hashConfiguredTransform } from "../core/configured-transform-hash.ts";
import type { CodeBuilder } from "./function-code.ts";
import { decryptingWith, type Grant } from "./iam.ts";
import type { GenerationPlan } from "./index-generation/generation-plan.ts";

/** Which transform a generation has: the module's hash, and what it is configured with. */
export function hashTransformOf(
  code: CodeBuilder,
  { transformFile, transformConfiguration }: GenerationPlan,
): pulumi.Input<string> {
  const moduleHash = code.transformHash(transformFile);
  if (transformConfiguration === undefined) return moduleHash;
  return pulumi
    .output(transformConfiguration)
    .apply((configuration) => hashConfiguredTransform(moduleHash, configuration));
}

/** What a generation's functions may do because of its transform: read its secrets, and ask for records to be read again. */
export function transformGrants(
  { transformFile, transformSecrets }: GenerationPlan,
  reindexQueueArn: pulumi.Input<string>,
): readonly Grant[] {
  if (transformFile === undefined) return [];
  return [
    { actions: ["sqs:SendMessage"], resources: [reindexQueueArn] },
    ...Object.values(transformSecrets).flatMap(({ arn, keyArn }) => [
      { actions: ["secretsmanager:GetSecretValue"], resources: [arn] },
      ...decryptingWith(keyArn),
    ]),
  ];
}
