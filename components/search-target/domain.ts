import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "../environment-context.ts";
import type { Fault } from "../faults.ts";
import { makeServiceRole, type ServiceRole, vpcAccessPolicy } from "../iam.ts";

/**
 * An OpenSearch Service domain made for the environment. One inside a VPC needs the service-linked role
 * `AWSServiceRoleForAmazonOpenSearchService`, made once an account.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html
 */
export interface DomainArgs {
  /** As Amazon OpenSearch Service names it. @default "OpenSearch_3.1" */
  readonly engineVersion?: pulumi.Input<string>;
  /** For example `r7g.large.search`. */
  readonly instanceType: pulumi.Input<string>;
  /** Data nodes, spread over as many zones as there are nodes, three at most; inside a VPC a subnet each. */
  readonly instanceCount: number;
  /** Three of this type hold the cluster together. @default none */
  readonly dedicatedMasterType?: pulumi.Input<string>;
  /** GiB of gp3 storage a data node. @default 100 */
  readonly volumeGibibytes?: number;
}

/** Where functions and the domain are placed. */
type VpcConfig = NonNullable<EnvironmentContext["vpcConfig"]>;

const DEFAULT_ENGINE = "OpenSearch_3.1";
const DEFAULT_VOLUME_GIBIBYTES = 100;
const ZONES = 3;

/**
 * A domain with encryption at rest and between nodes, TLS 1.2, and fine-grained access control whose master is a role of its
 * own: the one that maps roles, and nothing else.
 *
 * Protected where the environment is: Cloud Control replaces by deleting first, and a domain holds every index.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
 */
export class SearchDomain extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly securityAdminRole: ServiceRole;

  constructor(
    name: string,
    args: DomainArgs & {
      readonly accountId: pulumi.Input<string>;
      readonly partition: pulumi.Input<string>;
      readonly keyArn: pulumi.Input<string> | undefined;
      readonly permissionsBoundary: pulumi.Input<string> | undefined;
      readonly protect: boolean;
      readonly vpcConfig?: VpcConfig;
    },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:search:SearchDomain", name, {}, opts);
    this.securityAdminRole = makeServiceRole(
      `${name}-security-admin`,
      {
        service: "lambda.amazonaws.com",
        grants: {},
        permissionsBoundary: args.permissionsBoundary,
        // From the start: Lambda makes no function inside a VPC for a role without it.
        managedPolicyArns: args.vpcConfig === undefined ? [] : [vpcAccessPolicy(args.partition)],
      },
      { parent: this },
    );
    const domain = new awsNative.opensearchservice.Domain(
      name,
      {
        engineVersion: args.engineVersion ?? DEFAULT_ENGINE,
        clusterConfig: toClusterConfig(args),
        ebsOptions: {
          ebsEnabled: true,
          volumeType: "gp3",
          volumeSize: args.volumeGibibytes ?? DEFAULT_VOLUME_GIBIBYTES,
        },
        encryptionAtRestOptions: {
          enabled: true,
          ...(args.keyArn === undefined ? {} : { kmsKeyId: args.keyArn }),
        },
        nodeToNodeEncryptionOptions: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: false,
          masterUserOptions: { masterUserArn: this.securityAdminRole.arn },
        },
        accessPolicies: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: pulumi.interpolate`arn:${args.partition}:iam::${args.accountId}:root` },
              // The policy is the domain's own, which has no name yet: `*` is this domain, and whoever calls needs leave of his own.
              Action: "es:ESHttp*",
              Resource: "*",
            },
          ],
        },
        ...(args.vpcConfig === undefined
          ? {}
          : { vpcOptions: toVpcOptions(args.vpcConfig, countZones(args)) }),
      },
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );
    this.arn = domain.arn;
    this.endpoint = domain.domainEndpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

/** How many zones a domain spreads over, which is how many subnets it takes. */
export function countZones({ instanceCount }: Pick<DomainArgs, "instanceCount">): number {
  return Math.min(instanceCount, ZONES);
}

/**
 * A domain takes as many subnets as it has zones, no more and no fewer; functions may have others beside them.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
 */
function toVpcOptions({ subnetIds, securityGroupIds }: VpcConfig, zones: number) {
  return { subnetIds: pulumi.output(subnetIds).apply((ids) => takeSubnets(ids, zones)), securityGroupIds };
}

/** @throws pulumi.InputPropertyError when there are too few */
export function takeSubnets(ids: readonly string[], zones: number): string[] {
  if (ids.length >= zones) return ids.slice(0, zones);
  throw new pulumi.InputPropertyError(tooFewSubnets(ids.length, zones));
}

/** Told before any resource where the subnets are known then; otherwise when they become known. */
export function tooFewSubnets(count: number, zones: number): Fault {
  return {
    propertyPath: "network.subnetIds",
    reason: `must list ${zones} subnets, one a zone of the domain; got ${count}`,
  };
}

function toClusterConfig(args: DomainArgs) {
  const { instanceType, instanceCount, dedicatedMasterType } = args;
  const zones = countZones(args);
  return {
    instanceType,
    instanceCount,
    zoneAwarenessEnabled: zones > 1,
    ...(zones > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: zones } } : {}),
    ...(dedicatedMasterType === undefined
      ? {}
      : { dedicatedMasterEnabled: true, dedicatedMasterType, dedicatedMasterCount: ZONES }),
  };
}
