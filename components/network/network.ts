import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";

/** Where functions run when the search target is inside a VPC. */
export interface NetworkArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the functions, in two zones or more. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the functions; the target's must let them in on 443. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How functions reach AWS's own APIs: `create` makes the VPC endpoints they use, `existing` trusts that they are there,
   * `nat` that the subnets have a way out.
   *
   * @default "existing"
   */
  readonly endpoints?: "create" | "existing" | "nat";
  /** Route tables of the subnets; gateway endpoints are attached to them. Required with `endpoints: create`. */
  readonly routeTableIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Interface endpoints cost by the hour and zone, so only services in use get one. @default sqs, secretsmanager, states, sns, lambda */
  readonly interfaceServices?: readonly string[];
}

const GATEWAY_SERVICES = ["s3", "dynamodb"] as const;
/** The function that streams metrics needs none: they travel in its log. */
const INTERFACE_SERVICES = ["sqs", "secretsmanager", "states", "sns", "lambda"] as const;

/**
 * The VPC endpoints of an environment, and the placement its functions share.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export class Network extends pulumi.ComponentResource {
  /** What a function's `vpcConfig` takes. */
  readonly vpcConfig: {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  };

  constructor(
    name: string,
    args: NetworkArgs & { readonly region: pulumi.Input<string> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:network:Network", name, {}, opts);
    this.vpcConfig = { subnetIds: args.subnetIds, securityGroupIds: args.securityGroupIds };
    if (args.endpoints === "create") this.#createEndpoints(name, args);
    this.registerOutputs({});
  }

  #createEndpoints(name: string, args: NetworkArgs & { readonly region: pulumi.Input<string> }): void {
    for (const service of GATEWAY_SERVICES) {
      new awsNative.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: args.vpcId,
          vpcEndpointType: "Gateway",
          serviceName: pulumi.interpolate`com.amazonaws.${args.region}.${service}`,
          routeTableIds: args.routeTableIds ?? [],
        },
        { parent: this },
      );
    }
    for (const service of args.interfaceServices ?? INTERFACE_SERVICES) {
      new awsNative.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: args.vpcId,
          vpcEndpointType: "Interface",
          serviceName: pulumi.interpolate`com.amazonaws.${args.region}.${service}`,
          subnetIds: args.subnetIds,
          securityGroupIds: args.securityGroupIds,
          privateDnsEnabled: true,
        },
        { parent: this },
      );
    }
  }
}
