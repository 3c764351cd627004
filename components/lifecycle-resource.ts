import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../core/state-layout.ts";

/** The custom resources index-lifecycle answers for; see `docs/internals.md`. */
export type LifecycleAction = "Table" | "Index" | "Guard" | "Build" | "Security" | "Source" | "SqlTable";

/** What a custom resource needs of its environment. */
export interface LifecycleResourceArgs {
  readonly action: LifecycleAction;
  /** Passed as one JSON text, because custom resources turn every property into a string. */
  readonly spec: pulumi.Input<object>;
  readonly functionArn: pulumi.Input<string>;
  readonly responseBucket: pulumi.Input<string>;
}

/**
 * Declares a custom resource that index-lifecycle makes, changes and deletes.
 *
 * @see https://www.pulumi.com/registry/packages/aws-native/api-docs/cloudformation/customresourceemulator/
 */
export function makeLifecycleResource(
  name: string,
  { action, spec, functionArn, responseBucket }: LifecycleResourceArgs,
  opts: pulumi.CustomResourceOptions,
): awsNative.cloudformation.CustomResourceEmulator {
  return new awsNative.cloudformation.CustomResourceEmulator(
    name,
    {
      resourceType: `Custom::Trueup${action}`,
      serviceToken: functionArn,
      bucketName: responseBucket,
      bucketKeyPrefix: stateLayout.lifecycleResponses,
      customResourceProperties: { action, spec: pulumi.jsonStringify(spec) },
    },
    { ...opts, customTimeouts: { create: "10m", update: "10m", delete: "10m" } },
  );
}
