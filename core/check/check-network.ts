import { GATEWAY_SERVICES, interfaceServices, STREAMS_SERVICE } from "../network-services.ts";
import type { NetworkReading, Placed, ServiceEndpoint } from "../ports/network-facts.ts";
import type { CheckFinding, CheckName, Judge } from "./check-finding.ts";
import { judgeAs } from "./check-finding.ts";
import type { DeclaredNetwork, DeclaredStack } from "./declared-stack.ts";
import { type Fact, judgeFact } from "./fact.ts";

/** What the functions' network must have. */
export function checkNetwork(stack: DeclaredStack, reading: NetworkReading): readonly CheckFinding[] {
  const { network } = stack;
  if (network === undefined) return [];
  const { vpcId } = network;
  return [
    checkPlaced("network-subnets", "network.subnetIds", network.subnetIds, vpcId, reading.subnets),
    checkPlaced(
      "network-security-groups",
      "network.securityGroupIds",
      network.securityGroupIds,
      vpcId,
      reading.securityGroups,
    ),
    checkEndpoints(stack, network, reading.endpoints),
  ];
}

function checkPlaced(
  check: CheckName,
  subject: string,
  wanted: readonly string[],
  vpcId: string,
  placed: Fact<readonly Placed[]>,
): CheckFinding {
  return judgeFact(check, subject, placed, {
    known: (found, judge) => judgePlaced(wanted, vpcId, found, judge),
    absent: (judge) => judgePlaced(wanted, vpcId, [], judge),
  });
}

function judgePlaced(
  wanted: readonly string[],
  vpcId: string,
  found: readonly Placed[],
  judge: Judge,
): CheckFinding {
  const missing = wanted.filter((id) => !found.some((known) => known.id === id));
  if (missing.length > 0)
    return judge.failed(`not there: ${missing.join(", ")}`, "correct them or the region");
  const elsewhere = found
    .filter((known) => known.vpcId !== vpcId)
    .map(({ id, vpcId: other }) => `${id} (${other})`);
  if (elsewhere.length > 0) {
    return judge.failed(
      `not in ${vpcId}: ${elsewhere.join(", ")}`,
      "name ones of that VPC, or correct vpcId",
    );
  }
  return judge.passed(`${wanted.length} in ${vpcId}`);
}

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html */
function checkEndpoints(
  stack: DeclaredStack,
  network: DeclaredNetwork,
  endpoints: Fact<readonly ServiceEndpoint[]>,
): CheckFinding {
  const subject = "network.endpoints";
  const needed = neededServices(stack, network);
  const begun = judgeAs("network-endpoints", subject);
  if (network.endpoints === "create") return begun.passed(`will be made: ${needed.join(", ")}`);
  if (network.endpoints === "nat") {
    return begun.unknown(
      "whether the subnets have a way out was not looked at",
      `see that their route tables lead to a NAT gateway: aws ec2 describe-route-tables --filters Name=vpc-id,Values=${network.vpcId}`,
    );
  }
  return judgeFact("network-endpoints", subject, endpoints, {
    known: (found, judge) => judgeEndpoints(stack, network, needed, found, judge),
    absent: (judge) => judgeEndpoints(stack, network, needed, [], judge),
  });
}

/** Services functions call: the gateways, and what is declared or else what is in use. */
export function neededServices({ target }: DeclaredStack, network: DeclaredNetwork): readonly string[] {
  const readsSecret = network.readsSecrets || (target?.kind === "url" && target.secretArn !== undefined);
  return [...GATEWAY_SERVICES, ...interfaceServices(network.interfaceServices, readsSecret)];
}

function judgeEndpoints(
  { region }: DeclaredStack,
  { vpcId, streamsUrl }: DeclaredNetwork,
  needed: readonly string[],
  found: readonly ServiceEndpoint[],
  judge: Judge,
): CheckFinding {
  const missing = needed.filter((service) => !found.some((endpoint) => endpoint.service === service));
  const [first] = missing;
  if (first !== undefined) {
    const kind = GATEWAY_SERVICES.some((gateway) => gateway === first) ? "Gateway" : "Interface";
    return judge.failed(
      `${vpcId} has no endpoint for ${missing.join(", ")}`,
      `set endpoints: create, or nat where subnets have a way out; or one by one: aws ec2 create-vpc-endpoint --vpc-id ${vpcId} --vpc-endpoint-type ${kind} --service-name com.amazonaws.${region}.${first}`,
    );
  }
  if (needed.includes(STREAMS_SERVICE) && streamsUrl === undefined) {
    return judge.failed(
      `functions are not told of the endpoint for ${STREAMS_SERVICE}, which has no private name`,
      "set network.streamsUrl to its https:// name",
    );
  }
  return judge.passed(`${vpcId} has ${needed.join(", ")}`);
}
