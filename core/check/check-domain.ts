import type { DomainReading } from "../ports/target-facts.ts";
import { type CheckFinding, type Judge, judgeAs } from "./check-finding.ts";
import { type DeclaredStack, type DeclaredTarget, hasMode } from "./declared-stack.ts";
import { type Fact, judgeFact, knownValue } from "./fact.ts";

type DeclaredDomain = Extract<DeclaredTarget, { kind: "domain" }>;

const SUBJECT = "target.existingDomain";
/**
 * The oldest engines: write aliases are required by name since Elasticsearch 7.10; pipelines take 7.4.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/creating-pipeline.html prerequisites
 */
const OLDEST = { OpenSearch: [1, 0], Elasticsearch: [7, 10] } as const;

/** What an existing domain must be, to be written to. */
export function checkDomain(
  stack: DeclaredStack,
  target: DeclaredDomain,
  reading: Fact<DomainReading>,
): readonly CheckFinding[] {
  const exists = judgeFact("domain-exists", `${SUBJECT}.arn`, reading, {
    known: ({ deleting, engineVersion }, judge) =>
      deleting
        ? judge.failed("the domain is being deleted", "name another domain")
        : judge.passed(`it runs ${engineVersion}`),
    absent: (judge) => judge.failed(`there is no domain ${target.arn}`, "correct its ARN or the region"),
  });
  const domain = knownValue(reading);
  if (domain === undefined) return [exists];
  return [
    exists,
    judgeVersion(domain, judgeAs("domain-version", `${SUBJECT}.arn`)),
    judgeEndpoint(target.endpoint, domain, judgeAs("domain-endpoint", `${SUBJECT}.endpoint`)),
    judgeAccessControl(target, domain, judgeAs("domain-access-control", `${SUBJECT}.securityAdminRoleArn`)),
    judgePolicy(domain, judgeAs("domain-policy", `${SUBJECT}.arn`)),
    judgeNetwork(stack, domain, judgeAs("domain-network", "network.vpcId")),
  ];
}

function judgeVersion({ engineVersion }: DomainReading, judge: Judge): CheckFinding {
  const [, engine = "", major = "", minor = ""] = /^(\w+)_(\d+)\.(\d+)$/.exec(engineVersion) ?? [];
  if (engine !== "OpenSearch" && engine !== "Elasticsearch") {
    return judge.unknown(
      `an engine not known here: ${engineVersion}`,
      "see that it is OpenSearch 1.0 or newer",
    );
  }
  const [oldestMajor, oldestMinor] = OLDEST[engine];
  const isNewEnough =
    Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  if (isNewEnough) return judge.passed(`${engineVersion} is supported`);
  const found = `${engineVersion} is older than OpenSearch 1.0 and Elasticsearch 7.10`;
  return judge.failed(found, "upgrade the domain, see `aws opensearch get-compatible-versions`");
}

function judgeEndpoint(declared: string, { endpoints }: DomainReading, judge: Judge): CheckFinding {
  const host = declared.replace(/^https?:\/\//, "").replace(/\/$/, "");
  if (endpoints.includes(host)) return judge.passed(`${host} is the domain's`);
  // @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc-interface-endpoints.html
  if (host.startsWith("vpc-") && host.includes("-endpoint-")) {
    return judge.unknown(
      `${host} looks like a VPC endpoint's`,
      "see `aws opensearch list-vpc-endpoints-for-domain`",
    );
  }
  const others = endpoints.join(" or ") || "none yet: it is being made";
  return judge.failed(`${host} is none of the domain's`, `set endpoint: ${others}`);
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html */
function judgeAccessControl(
  { securityAdminRoleArn: role }: DeclaredDomain,
  { fineGrainedAccess }: DomainReading,
  judge: Judge,
): CheckFinding {
  if (!fineGrainedAccess) {
    if (role === undefined) return judge.passed("fine-grained access control is off; IAM alone decides");
    return judge.failed(
      "fine-grained access control is off, so no role can be mapped",
      "remove securityAdminRoleArn",
    );
  }
  if (role !== undefined) return judge.passed(`fine-grained access control is on; ${role} maps our roles`);
  return judge.failed(
    "fine-grained access control is on, and IAM alone is answered with 403",
    "set securityAdminRoleArn to a role that is the domain's master user, see docs/reference/configuration.md",
  );
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html */
function judgePolicy({ policy }: DomainReading, judge: Judge): CheckFinding {
  const { statements, hasDeny, hasAddressCondition } = policy;
  if (statements === 0) return judge.passed("no access policy; the roles' own policies decide");
  const fix = "see that none of its statements keeps the stack's roles out";
  if (hasDeny) return judge.warned("the access policy denies something, which beats what roles allow", fix);
  if (hasAddressCondition) {
    return judge.warned("the access policy lets addresses in; functions have no fixed one", fix);
  }
  return judge.passed("the access policy denies nothing; the roles' own policies decide");
}

function judgeNetwork(
  { network, tables }: DeclaredStack,
  { vpcId }: DomainReading,
  judge: Judge,
): CheckFinding {
  const who = tables.some((table) => hasMode(table, "managed")) ? "functions and pipelines" : "functions";
  if (vpcId === undefined) {
    return judge.passed(
      network === undefined
        ? "the domain is public"
        : `the domain is public; ${who} need a way out of ${network.vpcId}`,
    );
  }
  if (network === undefined) {
    return judge.failed(
      `the domain is inside ${vpcId}, ${who} are not`,
      "set network with that VPC, subnets and groups",
    );
  }
  if (network.vpcId === vpcId) return judge.passed(`domain and ${who} are inside ${vpcId}`);
  return judge.warned(
    `the domain is inside ${vpcId}, ${who} inside ${network.vpcId}`,
    "see that the two are peered",
  );
}
