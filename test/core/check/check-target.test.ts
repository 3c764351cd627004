import { checkPipelineBody } from "../../../core/check/check-pipeline.ts";
import { checkTarget, type TargetReading } from "../../../core/check/check-target.ts";
import type { DeclaredNetwork, DeclaredStack } from "../../../core/check/declared-stack.ts";
import type { DomainReading } from "../../../core/ports/target-facts.ts";
import { domainOf, managed, stackOf, tableOf } from "./facts.ts";

const ROLE = "arn:aws:iam::123456789012:role/master";
const [HOST = ""] = domainOf().endpoints;
const network: DeclaredNetwork = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-1"],
  securityGroupIds: ["sg-1"],
  endpoints: "nat",
  interfaceServices: undefined,
  streamsUrl: undefined,
  readsSecrets: false,
};

function domainStack(rest: Partial<DeclaredStack> = {}, endpoint = HOST, role?: string): DeclaredStack {
  const arn = "arn:aws:es:eu-central-1:123456789012:domain/products";
  return stackOf({ target: { kind: "domain", arn, endpoint, securityAdminRoleArn: role }, ...rest });
}

function judge(reading: Partial<DomainReading>, stack = domainStack()): Readonly<Record<string, string>> {
  const findings = checkTarget(stack, { domain: { kind: "known", value: domainOf(reading) } });
  return Object.fromEntries(findings.map(({ check, state }) => [check, state]));
}

describe("an existing domain", () => {
  it("passes as it must be", () => {
    expect(judge({})).toEqual({
      "domain-exists": "passed",
      "domain-version": "passed",
      "domain-endpoint": "passed",
      "domain-access-control": "passed",
      "domain-policy": "passed",
      "domain-network": "passed",
    });
  });

  it("fails where it is not there, or goes", () => {
    const findings = checkTarget(domainStack(), { domain: { kind: "absent" } });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ check: "domain-exists", state: "failed" });
    expect(judge({ deleting: true })["domain-exists"]).toBe("failed");
  });

  it.each([
    ["OpenSearch_1.0", "passed"],
    ["OpenSearch_3.1", "passed"],
    ["Elasticsearch_7.10", "passed"],
    ["Elasticsearch_7.9", "failed"],
    ["Elasticsearch_6.8", "failed"],
    ["Solr_9.0", "unknown"],
    ["unknown", "unknown"],
  ])("of version %s has %s", (engineVersion, state) => {
    expect(judge({ engineVersion })["domain-version"]).toBe(state);
  });

  it.each([
    [HOST, "passed"],
    [`https://${HOST}/`, "passed"],
    ["search-other.eu-central-1.es.amazonaws.com", "failed"],
    ["vpc-products-endpoint-abc.eu-central-1.es.amazonaws.com", "unknown"],
  ])("at the declared endpoint %s has %s", (endpoint, state) => {
    expect(judge({}, domainStack({}, endpoint))["domain-endpoint"]).toBe(state);
  });

  it("tells which endpoints it has, or that it has none yet", () => {
    const stack = domainStack({}, "wrong");
    const fixOf = (endpoints: readonly string[]) =>
      checkTarget(stack, { domain: { kind: "known", value: domainOf({ endpoints }) } }).find(
        ({ check }) => check === "domain-endpoint",
      )?.fix;
    expect(fixOf(["a", "b"])).toBe("set endpoint: a or b");
    expect(fixOf([])).toContain("none yet");
  });

  it.each([
    [true, undefined, "failed"],
    [true, ROLE, "passed"],
    [false, ROLE, "failed"],
    [false, undefined, "passed"],
  ])("with fine-grained access control %s and the role %s has %s", (fineGrainedAccess, role, state) => {
    expect(judge({ fineGrainedAccess }, domainStack({}, HOST, role))["domain-access-control"]).toBe(state);
  });

  it.each([
    [{ statements: 1, hasDeny: false, hasAddressCondition: false }, "passed"],
    [{ statements: 2, hasDeny: true, hasAddressCondition: false }, "warned"],
    [{ statements: 1, hasDeny: false, hasAddressCondition: true }, "warned"],
  ])("of the policy %j has %s", (policy, state) => {
    expect(judge({ policy })["domain-policy"]).toBe(state);
  });

  it.each([
    [undefined, undefined, "passed"],
    [undefined, network, "passed"],
    ["vpc-1", network, "passed"],
    ["vpc-2", network, "warned"],
    ["vpc-1", undefined, "failed"],
  ])("inside %s is reached from %o: %s", (vpcId, where, state) => {
    const tables = [tableOf({ generations: [managed()] })];
    expect(judge({ vpcId }, domainStack({ network: where, tables }))["domain-network"]).toBe(state);
  });
});

describe("a target by URL", () => {
  const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search";
  const byUrl = (rest: Partial<DeclaredStack> = {}) =>
    stackOf({ target: { kind: "url", url: "https://search:9200", secretArn }, ...rest });
  const states = (secret: TargetReading["secret"], stack = byUrl()) =>
    checkTarget(stack, secret === undefined ? {} : { secret }).map(({ check, state }) => `${check} ${state}`);

  it("may be out of reach from here, which is no fault", () => {
    expect(states(undefined)).toEqual(["target-reachable unknown"]);
    expect(checkTarget(byUrl({ network }), {})[0]?.detail).toContain("the subnets of vpc-1");
  });

  it("needs its secret", () => {
    expect(states({ kind: "known", value: { deleting: false } })).toContain("secret-exists passed");
    expect(states({ kind: "known", value: { deleting: true } })).toContain("secret-exists failed");
    expect(states({ kind: "absent" })).toContain("secret-exists failed");
  });

  it("says what its secret must hold", () => {
    const target = { kind: "url", url: "https://search:9200", secretArn, secretForm: '{"apiKey"}' } as const;
    const [, secret] = checkTarget(stackOf({ target }), { secret: { kind: "absent" } });
    expect(secret?.fix).toContain('{"apiKey"}');
  });

  it("without authentication needs none", () => {
    const open = stackOf({ target: { kind: "url", url: "http://search:9200", secretArn: undefined } });
    expect(states({ kind: "absent" }, open)).toEqual(["target-reachable unknown"]);
  });
});

describe("a Serverless collection", () => {
  it("shows what it can do only when its first index is made", () => {
    const target = { kind: "collection", endpoint: "abc.eu-central-1.aoss.amazonaws.com" } as const;
    const findings = checkTarget(stackOf({ target }), {});
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      "collection-capable unknown",
      "target-reachable unknown",
    ]);
  });
});

describe("a target that needs nothing beforehand", () => {
  it("is a domain to be made, this machine's engine, or a domain nothing was read of", () => {
    expect(checkTarget(stackOf(), {})).toEqual([]);
    expect(checkTarget(stackOf({ target: undefined }), {})).toEqual([]);
    expect(checkTarget(domainStack(), {})).toEqual([]);
  });
});

describe("a pipeline's body", () => {
  it("is what OpenSearch Ingestion says of it", () => {
    const path = "tables.orders";
    expect(checkPipelineBody(path, { kind: "known", value: [] }).state).toBe("passed");
    expect(checkPipelineBody(path, { kind: "known", value: ["a", "b"] })).toMatchObject({
      state: "failed",
      subject: "tables.orders.pipeline",
      detail: "OpenSearch Ingestion refuses the body: a; b",
    });
    expect(checkPipelineBody(path, { kind: "absent" }).state).toBe("failed");
  });
});
