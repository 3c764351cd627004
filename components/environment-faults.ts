import type { Fault } from "./faults.ts";
import type { SearchSyncArgs } from "./search-sync-args.ts";
import { countZones, tooFewSubnets } from "./search-target/domain.ts";

/** What CloudWatch keeps logs for, days. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const LONGEST_NAME = 20;
/** A domain's name has at most 28 characters: the environment's, `-search`, and the eight that Pulumi adds. */
const LONGEST_NAME_WITH_DOMAIN = 13;

/** Every bad argument of an environment. */
export function findEnvironmentFaults(name: string, args: SearchSyncArgs): readonly Fault[] {
  const { target, network, logRetentionDays, maximumCutoverLagSeconds } = args;
  const longest = "domain" in target ? LONGEST_NAME_WITH_DOMAIN : LONGEST_NAME;
  const checks: readonly (readonly [boolean, string, string])[] = [
    [
      /^[a-z][a-z0-9-]*$/.test(name) && name.length <= longest,
      "name",
      `must be a to z, 0 to 9 and -, at most ${longest}${"domain" in target ? " where a domain is made" : ""}; got ${name}`,
    ],
    [
      network?.endpoints !== "create" || network.routeTableIds !== undefined,
      "network.routeTableIds",
      "is required with endpoints: create",
    ],
    [
      logRetentionDays === undefined || LOG_DAYS.includes(logRetentionDays),
      "logRetentionDays",
      `must be one of ${LOG_DAYS.join(", ")}; got ${logRetentionDays}`,
    ],
    [
      maximumCutoverLagSeconds === undefined || maximumCutoverLagSeconds >= 1,
      "maximumCutoverLagSeconds",
      `must be 1 or more; got ${maximumCutoverLagSeconds}`,
    ],
    ...("domain" in target ? domainChecks(target.domain.instanceCount) : []),
  ];
  const faults = checks.flatMap(([holds, propertyPath, reason]) => (holds ? [] : [{ propertyPath, reason }]));
  return [...faults, ...subnetFaults(args)];
}

function subnetFaults({ target, network }: SearchSyncArgs): readonly Fault[] {
  const subnets = network?.subnetIds;
  if (!("domain" in target) || !Array.isArray(subnets)) return [];
  const zones = countZones(target.domain);
  return subnets.length < zones ? [tooFewSubnets(subnets.length, zones)] : [];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html */
function domainChecks(instanceCount: number): readonly (readonly [boolean, string, string])[] {
  const holds = Number.isInteger(instanceCount) && instanceCount >= 1;
  return [[holds, "target.domain.instanceCount", `must be a whole number, 1 or more; got ${instanceCount}`]];
}
