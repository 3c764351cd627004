import {
  type DescribeVpcEndpointsCommandOutput,
  type EC2Client,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
} from "@aws-sdk/client-ec2";
import type { Fact } from "../core/check/fact.ts";
import type { NetworkFacts, Placed, ServiceEndpoint } from "../core/ports/network-facts.ts";
import { readFact } from "./read-fact.ts";

/**
 * Reads subnets, security groups and endpoints of a VPC. By filters, so that one that is not there is not listed and
 * the others still are.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
 */
export function makeEc2NetworkFacts(client: EC2Client): NetworkFacts {
  return {
    read: async ({ vpcId, subnetIds, securityGroupIds }) => ({
      subnets: await readSubnets(client, subnetIds),
      securityGroups: await readGroups(client, securityGroupIds),
      endpoints: await readEndpoints(client, vpcId),
    }),
  };
}

function readSubnets(client: EC2Client, ids: readonly string[]): Promise<Fact<readonly Placed[]>> {
  return readFact({ permission: "ec2:DescribeSubnets", absent: [] }, async () => {
    const found: Placed[] = [];
    const asked = { Filters: [{ Name: "subnet-id", Values: [...ids] }] };
    for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, asked)) {
      found.push(...Subnets.map(({ SubnetId = "", VpcId = "" }) => ({ id: SubnetId, vpcId: VpcId })));
    }
    return found;
  });
}

function readGroups(client: EC2Client, ids: readonly string[]): Promise<Fact<readonly Placed[]>> {
  return readFact({ permission: "ec2:DescribeSecurityGroups", absent: [] }, async () => {
    const found: Placed[] = [];
    const asked = { Filters: [{ Name: "group-id", Values: [...ids] }] };
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client }, asked)) {
      found.push(...SecurityGroups.map(({ GroupId = "", VpcId = "" }) => ({ id: GroupId, vpcId: VpcId })));
    }
    return found;
  });
}

function readEndpoints(client: EC2Client, vpcId: string): Promise<Fact<readonly ServiceEndpoint[]>> {
  return readFact({ permission: "ec2:DescribeVpcEndpoints", absent: [] }, async () => {
    const found: ServiceEndpoint[] = [];
    const asked = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
    for await (const page of paginateDescribeVpcEndpoints({ client }, asked))
      found.push(...toEndpoints(page));
    return found;
  });
}

/** States are written with and without a capital. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html */
function toEndpoints({ VpcEndpoints = [] }: DescribeVpcEndpointsCommandOutput): readonly ServiceEndpoint[] {
  return VpcEndpoints.filter(({ State = "" }) => State.toLowerCase() === "available").map(
    ({ ServiceName = "", VpcEndpointType }) => ({
      service: ServiceName.split(".").at(-1) ?? "",
      kind: VpcEndpointType === "Gateway" ? "gateway" : "interface",
    }),
  );
}
