import { OpenSearchClient } from "@aws-sdk/client-opensearch";
import { makeOpenSearchDomainFacts } from "../../adapters/opensearch-domain-facts.ts";
import { answerWith, documented, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const read = (answer: WireAnswer) =>
  makeOpenSearchDomainFacts(new OpenSearchClient(answerWith(answer))).read("products");

describe("facts of a domain", () => {
  it("are what AWS says of it", async () => {
    expect(await read(documented("describe-domain.json"))).toEqual({
      kind: "known",
      value: {
        domainName: "products",
        engineVersion: "OpenSearch_2.19",
        endpoints: [
          "vpc-products-abcdefghijklmnopqrstuvwxyz.eu-central-1.es.amazonaws.com",
          "search.example.com",
        ],
        fineGrainedAccess: true,
        vpcId: "vpc-1a2a3a4a",
        policy: { statements: 1, hasDeny: false, hasAddressCondition: true },
        deleting: false,
      },
    });
  });

  it("take a policy of one statement that is no list, and none at all", async () => {
    const policy = JSON.stringify({ Statement: { Effect: "Deny" } });
    const withPolicy = (AccessPolicies?: string) => ({
      body: JSON.stringify({ DomainStatus: { DomainName: "products", AccessPolicies } }),
    });
    expect(await read(withPolicy(policy))).toMatchObject({
      value: { policy: { statements: 1, hasDeny: true } },
    });
    expect(await read(withPolicy())).toMatchObject({ value: { policy: { statements: 0, hasDeny: false } } });
  });

  it("are none where there is none, and unknown where they may not be read", async () => {
    expect(await read(jsonError("ResourceNotFoundException", "Domain not found", 409))).toEqual({
      kind: "absent",
    });
    expect(await read(jsonError("AccessDeniedException", "no", 403))).toMatchObject({
      permission: "es:DescribeDomain",
    });
  });
});
