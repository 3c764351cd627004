import { DescribeDomainCommand, type DomainStatus, type OpenSearchClient } from "@aws-sdk/client-opensearch";
import * as z from "zod";
import { parseJson } from "../core/parse-json.ts";
import type { DomainFacts, DomainPolicy, DomainReading } from "../core/ports/target-facts.ts";
import { readFact } from "./read-fact.ts";

const statementSchema = z.object({
  Effect: z.string(),
  Condition: z.record(z.string(), z.unknown()).exactOptional(),
});
const policySchema = z.object({ Statement: z.union([z.array(statementSchema), statementSchema]) });

/** Reads domains. @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html */
export function makeOpenSearchDomainFacts(client: OpenSearchClient): DomainFacts {
  const question = { permission: "es:DescribeDomain", absent: ["ResourceNotFoundException"] };
  return {
    read: (DomainName) =>
      readFact(question, async () => {
        const { DomainStatus: status } = await client.send(new DescribeDomainCommand({ DomainName }));
        return status === undefined ? undefined : toReading(status);
      }),
  };
}

function toReading(status: DomainStatus): DomainReading {
  const { Endpoint, EndpointV2, Endpoints = {}, DomainEndpointOptions: options } = status;
  const custom = options?.CustomEndpointEnabled === true ? options.CustomEndpoint : undefined;
  const endpoints = [Endpoint, EndpointV2, ...Object.values(Endpoints), custom];
  return {
    domainName: status.DomainName ?? "",
    engineVersion: status.EngineVersion ?? "unknown",
    endpoints: [...new Set(endpoints.filter((host) => host !== undefined))],
    fineGrainedAccess: status.AdvancedSecurityOptions?.Enabled === true,
    vpcId: status.VPCOptions?.VPCId,
    policy: toPolicy(status.AccessPolicies ?? ""),
    deleting: status.Deleted === true,
  };
}

function toPolicy(text: string): DomainPolicy {
  const statements = policySchema.safeParse(parseJson(text)).data?.Statement ?? [];
  const listed = Array.isArray(statements) ? statements : [statements];
  return {
    statements: listed.length,
    hasDeny: listed.some(({ Effect }) => Effect === "Deny"),
    hasAddressCondition: listed.some(({ Condition = {} }) => Object.hasOwn(Condition, "IpAddress")),
  };
}
