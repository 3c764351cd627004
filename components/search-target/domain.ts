import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { makeServiceRole } from "../iam.ts";

/** An OpenSearch Service domain made for the environment. */
export interface DomainArgs {
  /** @default "OpenSearch_3.1" */
  readonly engineVersion?: pulumi.Input<string>;
  /** For example `r7g.large.search`. */
  readonly instanceType: pulumi.Input<string>;
  /** Data nodes; three or more spread over three zones. */
  readonly instanceCount: number;
  /** Three of this type hold the cluster together. @default none */
  readonly dedicatedMasterType?: pulumi.Input<string>;
  /** GiB of gp3 storage a data node. @default 100 */
  readonly volumeGibibytes?: number;
}

const DEFAULT_ENGINE = "OpenSearch_3.1";
const DEFAULT_VOLUME_GIBIBYTES = 100;
const ZONES = 3;

/**
 * A domain with encryption at rest and between nodes, TLS 1.2, and fine-grained access control whose master is a role of its
 * own: the one that maps roles, and nothing else.
 *
 * Protected: Cloud Control replaces by deleting first, and a domain holds every index.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
 */
export class SearchDomain extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly securityAdminRole: awsNative.iam.Role;

  constructor(
    name: string,
    args: DomainArgs & {
      readonly accountId: pulumi.Input<string>;
      readonly partition: pulumi.Input<string>;
      readonly keyArn: pulumi.Input<string> | undefined;
      readonly permissionsBoundary: pulumi.Input<string> | undefined;
      readonly vpcConfig:
        | {
            readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
            readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
          }
        | undefined;
    },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:search:SearchDomain", name, {}, opts);
    this.securityAdminRole = makeServiceRole(
      `${name}-security-admin`,
      { service: "lambda.amazonaws.com", grants: {}, permissionsBoundary: args.permissionsBoundary },
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
              Action: "es:ESHttp*",
              Resource: "*",
            },
          ],
        },
        ...(args.vpcConfig === undefined ? {} : { vpcOptions: args.vpcConfig }),
      },
      { parent: this, protect: true, retainOnDelete: true },
    );
    this.arn = domain.arn;
    this.endpoint = domain.domainEndpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

function toClusterConfig({ instanceType, instanceCount, dedicatedMasterType }: DomainArgs) {
  const zones = Math.min(instanceCount, ZONES);
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
