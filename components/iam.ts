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

/** Who assumes a role: the `Principal` and `Condition` of its trust policy. */
export interface Trust {
  readonly principal: { readonly Service: string } | { readonly AWS: pulumi.Input<string> };
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** Arguments of a role. */
export interface RoleArgs {
  readonly trust: Trust;
  /** Stands before the role's name in its ARN, so that policies can name all roles under it. @default none */
  readonly path?: string;
  /** By name of the policy. A role without grants can do nothing. */
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  /** @default none */
  readonly permissionsBoundary?: pulumi.Input<string> | undefined;
  /** Managed policies of AWS, by ARN. @default none */
  readonly managedPolicyArns?: readonly pulumi.Input<string>[];
}

/** Arguments of a role that one AWS service assumes. */
export interface ServiceRoleArgs extends Omit<RoleArgs, "trust" | "path"> {
  /** `lambda.amazonaws.com`, `states.amazonaws.com`, … */
  readonly service: string;
}

/** A role as others use it. */
export interface ServiceRole {
  /** Known once the role may do all it is granted; whatever takes it goes before its grants do. */
  readonly arn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
}

/** A role that one AWS service assumes, with just the grants listed. */
export function makeServiceRole(
  name: string,
  { service, ...args }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceRole {
  return makeRole(name, { ...args, trust: { principal: { Service: service } } }, opts);
}

/**
 * Trust in one role. It is named by a condition, because IAM refuses as a principal a role made seconds ago, and no longer
 * knows one that was made again.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html roles as principals
 */
export function trustRole(
  partition: pulumi.Input<string>,
  accountId: pulumi.Input<string>,
  roleArn: pulumi.Input<string>,
): Trust {
  return {
    principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
    conditions: { ArnEquals: { "aws:PrincipalArn": roleArn } },
  };
}

/** A role with just the grants listed. */
export function makeRole(
  name: string,
  { trust, path, grants, permissionsBoundary, managedPolicyArns = [] }: RoleArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceRole {
  const role = new awsNative.iam.Role(
    name,
    {
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [toTrustStatement(trust)],
      },
      ...(path === undefined ? {} : { path }),
      ...(managedPolicyArns.length === 0 ? {} : { managedPolicyArns: [...managedPolicyArns] }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    },
    opts,
  );
  const roleName = role.roleName.apply((given) => given ?? "");
  const policies = Object.entries(grants).map(([policyName, list]) =>
    makeRolePolicy(`${name}-${policyName}`, { roleName, policyName, grants: list }, opts),
  );
  const arn = pulumi.all([role.arn, ...policies.map(({ id }) => id)]).apply(([known]) => known ?? "");
  return { arn, roleName };
}

/**
 * A policy of a role, always a resource of its own: where a role lists its policies, Cloud Control takes any change of that
 * list for the whole of it, and removes what others added.
 *
 * @see https://github.com/go-to-k/cdk-real-drift/pull/19 what a patch of `/Policies` does to its siblings
 */
export function makeRolePolicy(
  name: string,
  {
    roleName,
    policyName,
    grants,
  }: {
    readonly roleName: pulumi.Input<string>;
    readonly policyName: string;
    readonly grants: readonly Grant[];
  },
  opts: pulumi.CustomResourceOptions,
): awsNative.iam.RolePolicy {
  const policyDocument = toPolicyDocument(grants);
  return new awsNative.iam.RolePolicy(name, { roleName, policyName, policyDocument }, opts);
}

/**
 * The policy of AWS by which a function inside a VPC gets its network interfaces. Their actions know no resource level,
 * so it is the one exception to "no `*` resources".
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html execution role permissions
 */
export function vpcAccessPolicy(partition: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole`;
}

/**
 * The policy of AWS by which Lambda polls a Kafka in a VPC as a function's role: it looks at networks, which knows no
 * resource level, and makes interfaces there.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaMSKExecutionRole.html
 */
export function kafkaPollingPolicy(partition: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AWSLambdaMSKExecutionRole`;
}

function toTrustStatement({ principal, conditions }: Trust) {
  return {
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
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

/** Stands in a policy for a part of a key that is not known yet: an index's uuid, an audit's run. */
export const ANY = "*";

/** All objects of a bucket under a prefix. */
export function objectsUnder(bucketArn: pulumi.Input<string>, prefix: string): pulumi.Output<string> {
  return pulumi.interpolate`${bucketArn}/${prefix}*`;
}

/** What whoever reads what a key encrypts needs of it; nothing where there is no key of the user's own. */
export function decryptingWith(keyArn: pulumi.Input<string> | undefined): readonly Grant[] {
  return keyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [keyArn] }];
}

/** What whoever writes what a key encrypts needs of it, and to read it again. */
export function usingKey(keyArn: pulumi.Input<string> | undefined): readonly Grant[] {
  return keyArn === undefined
    ? []
    : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn] }];
}

/**
 * Listing a bucket, but only under prefixes. Whoever may list also learns that a key is absent: S3 judges a read of
 * an absent key by this right, with the key as `s3:prefix`, and answers 403 instead of 404 without it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html permissions
 * @see https://github.com/ceph/ceph/pull/68577 where S3's use of the key as prefix was found out
 */
export function listingUnder(bucketArn: pulumi.Input<string>, ...prefixes: readonly string[]): Grant {
  const patterns = prefixes.map((prefix) => `${prefix}*`);
  return {
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    conditions: { StringLike: { "s3:prefix": patterns } },
  };
}
