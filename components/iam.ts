import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";

/** What a role may do, to what. One statement of a policy. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/** Arguments of a role that a service assumes. */
export interface ServiceRoleArgs {
  /** `lambda.amazonaws.com`, `states.amazonaws.com`, … */
  readonly service: string;
  /** By name of the policy. A role without grants can do nothing. */
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  /** @default none */
  readonly permissionsBoundary?: pulumi.Input<string> | undefined;
  /** Managed policies of AWS, by ARN. @default none */
  readonly managedPolicyArns?: readonly pulumi.Input<string>[];
}

/** A role that one AWS service assumes, with just the grants listed. */
export function makeServiceRole(
  name: string,
  { service, grants, permissionsBoundary, managedPolicyArns = [] }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): awsNative.iam.Role {
  return new awsNative.iam.Role(
    name,
    {
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
      },
      policies: Object.entries(grants).map(([policyName, list]) => ({
        policyName,
        policyDocument: toPolicyDocument(list),
      })),
      ...(managedPolicyArns.length === 0 ? {} : { managedPolicyArns: [...managedPolicyArns] }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    },
    opts,
  );
}

/** A policy document of `Allow` statements. */
export function toPolicyDocument(grants: readonly Grant[]) {
  return {
    Version: "2012-10-17",
    Statement: grants.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: [...actions],
      Resource: [...resources],
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/** All objects of a bucket under a prefix. */
export function objectsUnder(bucketArn: pulumi.Input<string>, prefix: string): pulumi.Output<string> {
  return pulumi.interpolate`${bucketArn}/${prefix}*`;
}

/** Listing a bucket, but only under prefixes. */
export function listingUnder(bucketArn: pulumi.Input<string>, ...prefixes: readonly string[]): Grant {
  const patterns = prefixes.map((prefix) => `${prefix}*`);
  return {
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    conditions: { StringLike: { "s3:prefix": patterns } },
  };
}
