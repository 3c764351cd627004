import { checkNetwork } from "../../../core/check/check-network.ts";
import type { DeclaredNetwork, DeclaredStack } from "../../../core/check/declared-stack.ts";
import type { NetworkReading } from "../../../core/ports/network-facts.ts";
import { stackOf } from "./facts.ts";

const ALL = ["s3", "dynamodb", "sqs", "sns", "states", "sts", "dynamodb-streams"];

function networkOf(rest: Partial<DeclaredNetwork> = {}): DeclaredStack {
  const network: DeclaredNetwork = {
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-1"],
    endpoints: "existing",
    interfaceServices: undefined,
    streamsUrl: "https://streams",
    readsSecrets: false,
    ...rest,
  };
  return stackOf({ network });
}

function readingOf(services: readonly string[], rest: Partial<NetworkReading> = {}): NetworkReading {
  const inVpc = (...ids: readonly string[]) => ids.map((id) => ({ id, vpcId: "vpc-1" }));
  return {
    subnets: { kind: "known", value: inVpc("subnet-1", "subnet-2") },
    securityGroups: { kind: "known", value: inVpc("sg-1") },
    endpoints: { kind: "known", value: services.map((service) => ({ service, kind: "interface" })) },
    ...rest,
  };
}

const states = (stack: DeclaredStack, reading: NetworkReading) =>
  Object.fromEntries(checkNetwork(stack, reading).map(({ check, state }) => [check, state]));

describe("a network", () => {
  it("passes as it must be", () => {
    expect(states(networkOf(), readingOf(ALL))).toEqual({
      "network-subnets": "passed",
      "network-security-groups": "passed",
      "network-endpoints": "passed",
    });
  });

  it("fails by what is not there, and by what is elsewhere", () => {
    const [subnets, groups] = checkNetwork(
      networkOf(),
      readingOf(ALL, {
        subnets: { kind: "known", value: [{ id: "subnet-1", vpcId: "vpc-1" }] },
        securityGroups: { kind: "known", value: [{ id: "sg-1", vpcId: "vpc-9" }] },
      }),
    );
    expect(subnets).toMatchObject({
      state: "failed",
      detail: "not there: subnet-2",
      subject: "network.subnetIds",
    });
    expect(groups).toMatchObject({ state: "failed", detail: "not in vpc-1: sg-1 (vpc-9)" });
  });

  it("fails by endpoints that should exist, with the command that makes one", () => {
    const reading = readingOf(ALL.filter((service) => service !== "s3" && service !== "sqs"));
    const gateway = checkNetwork(networkOf(), reading).at(-1);
    expect(gateway).toMatchObject({ state: "failed", detail: "vpc-1 has no endpoint for s3, sqs" });
    expect(gateway?.fix).toContain(
      "--vpc-endpoint-type Gateway --service-name com.amazonaws.eu-central-1.s3",
    );
    const fix = checkNetwork(networkOf(), readingOf(ALL.filter((service) => service !== "sqs"))).at(-1)?.fix;
    expect(fix).toContain("--vpc-endpoint-type Interface --service-name com.amazonaws.eu-central-1.sqs");
  });

  it("needs an endpoint for secrets only where a secret is read, and no others than declared", () => {
    const secret = { kind: "url", url: "https://search", secretArn: "secret" } as const;
    expect(states({ ...networkOf(), target: secret }, readingOf(ALL))["network-endpoints"]).toBe("failed");
    expect(
      states({ ...networkOf(), target: secret }, readingOf([...ALL, "secretsmanager"]))["network-endpoints"],
    ).toBe("passed");
    const declared = networkOf({ interfaceServices: ["sqs"] });
    expect(states(declared, readingOf(["s3", "dynamodb", "sqs"]))["network-endpoints"]).toBe("passed");
  });

  it("must tell functions of the endpoint for streams, which has no private name", () => {
    expect(
      checkNetwork(networkOf({ streamsUrl: undefined, readsSecrets: false }), readingOf(ALL)).at(-1),
    ).toMatchObject({
      state: "failed",
      fix: "set network.streamsUrl to its https:// name",
    });
  });

  it("is not looked at further where endpoints are made, or there is a way out", () => {
    expect(states(networkOf({ endpoints: "create" }), readingOf([]))["network-endpoints"]).toBe("passed");
    expect(states(networkOf({ endpoints: "nat" }), readingOf([]))["network-endpoints"]).toBe("unknown");
  });

  it("takes an empty answer for nothing there, and is none where none is declared", () => {
    const nothing = { kind: "absent" } as const;
    const reading = { subnets: nothing, securityGroups: nothing, endpoints: nothing };
    expect(Object.values(states(networkOf(), reading))).toEqual(["failed", "failed", "failed"]);
    expect(checkNetwork(stackOf(), reading)).toEqual([]);
  });
});
