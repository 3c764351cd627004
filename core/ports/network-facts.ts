import type { Fact } from "../check/fact.ts";

/** Something that is in a VPC. */
export interface Placed {
  readonly id: string;
  readonly vpcId: string;
}

/** A VPC endpoint for a service of AWS. */
export interface ServiceEndpoint {
  /** The last part of the service's name: `s3`, `sqs`, `dynamodb-streams`. */
  readonly service: string;
  readonly kind: "gateway" | "interface";
}

/** All that is read of a network; each part may be denied by itself. What is not there is not listed. */
export interface NetworkReading {
  readonly subnets: Fact<readonly Placed[]>;
  readonly securityGroups: Fact<readonly Placed[]>;
  /** The ones that are available. */
  readonly endpoints: Fact<readonly ServiceEndpoint[]>;
}

export interface NetworkFacts {
  /** Reads parts of one VPC. Nothing is thrown: what cannot be read is said. */
  read(network: {
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly securityGroupIds: readonly string[];
  }): Promise<NetworkReading>;
}
