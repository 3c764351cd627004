import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { GATEWAY_SERVICES, interfaceServices, STREAMS_SERVICE } from "../../core/network-services.ts";

/** Where functions run when the search target is inside a VPC. */
export interface NetworkArgs {
  /** The VPC the subnets are in. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the functions, in two zones or more. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Security groups of the functions, and of the domain and the interface endpoints where these are made here: then they
   * must let themselves in on 443. Those of an existing target must let them in.
   */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How functions reach AWS's own APIs: `create` makes the VPC endpoints they use (gateways for S3 and DynamoDB, interfaces
   * as `interfaceServices` lists), `existing` trusts that they are there, `nat` that the subnets have a way out.
   *
   * @default "existing"
   */
  readonly endpoints?: "create" | "existing" | "nat";
  /** Route tables of the subnets; gateway endpoints are attached to them. Required with `endpoints: create`. */
  readonly routeTableIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Interface endpoints cost by the hour and zone, so only services in use get one.
   *
   * @default sqs, sns, states, sts, dynamodb-streams; secretsmanager where the target's password or key is a secret
   */
  readonly interfaceServices?: readonly string[];
  /**
   * URL of an interface endpoint for DynamoDB Streams that exists: functions must be told, because it has no private name
   * and the gateway for DynamoDB does not lead to streams.
   *
   * @default of the endpoint made by `endpoints: create`; with `existing` and `nat` the public one
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-streams.html considerations
   */
  readonly streamsUrl?: pulumi.Input<string>;
}

/** What a network is made with beside what the user says. */
interface NetworkSurroundings {
  readonly region: pulumi.Input<string>;
  /** Whether functions read a secret. */
  readonly readsSecrets: boolean;
}

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

  /** Where functions find DynamoDB Streams; undefined where the public name will do. */
  readonly streamsUrl: pulumi.Input<string> | undefined;

  constructor(name: string, args: NetworkArgs & NetworkSurroundings, opts?: pulumi.ComponentResourceOptions) {
    super("trueup:network:Network", name, {}, opts);
    this.vpcConfig = { subnetIds: args.subnetIds, securityGroupIds: args.securityGroupIds };
    const made = args.endpoints === "create" ? this.#createEndpoints(name, args) : undefined;
    this.streamsUrl = args.streamsUrl ?? made?.dnsEntries.apply(toUrl);
    this.registerOutputs({});
  }

  /** @returns the endpoint for DynamoDB Streams */
  #createEndpoints(
    name: string,
    args: NetworkArgs & NetworkSurroundings,
  ): awsNative.ec2.VpcEndpoint | undefined {
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
    let streams: awsNative.ec2.VpcEndpoint | undefined;
    for (const service of interfaceServices(args.interfaceServices, args.readsSecrets)) {
      const endpoint = new awsNative.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: args.vpcId,
          vpcEndpointType: "Interface",
          serviceName: pulumi.interpolate`com.amazonaws.${args.region}.${service}`,
          subnetIds: args.subnetIds,
          securityGroupIds: args.securityGroupIds,
          privateDnsEnabled: service !== STREAMS_SERVICE,
        },
        { parent: this },
      );
      if (service === STREAMS_SERVICE) streams = endpoint;
    }
    return streams;
  }
}

/** Entries are `<zone id>:<name>`, one for the region and one a subnet; the region's is the shortest. */
function toUrl(entries: readonly string[]): string {
  const names = entries.map((entry) => entry.slice(entry.indexOf(":") + 1));
  const [regional = ""] = names.sort((left, right) => left.length - right.length);
  return `https://${regional}`;
}
