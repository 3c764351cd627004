import * as pulumi from "@pulumi/pulumi";
import type { SearchTargetSettings } from "../../core/table-descriptor.ts";
import type { EnvironmentContext } from "../environment-context.ts";
import type { SearchTargetInput, TargetGrants } from "../table-context.ts";
import { SearchDomain } from "./domain.ts";
import type { SearchTargetArgs } from "./search-target.ts";

/** A target as the rest of the environment uses it. */
export interface ResolvedTarget {
  readonly settings: SearchTargetInput;
  readonly grants: TargetGrants;
  readonly secretArn: pulumi.Input<string> | undefined;
  /** Where fine-grained access control is ours to set: the role that may, and the domain. */
  readonly security?: {
    readonly adminRoleArn: pulumi.Input<string>;
    readonly adminRoleName?: pulumi.Output<string>;
  };
  readonly domainArn?: pulumi.Output<string>;
}

const NO_GRANTS: TargetGrants = { indexes: () => [], inspecting: [], administering: [] };

/** Makes or takes the search target, and says what functions may do on it. */
export function resolveTarget(
  name: string,
  args: SearchTargetArgs,
  context: EnvironmentContext,
  parent: pulumi.Resource,
): ResolvedTarget {
  if ("url" in args) return resolveUrl(args.url);
  if ("existingDomain" in args) {
    const { arn, endpoint, securityAdminRoleArn } = args.existingDomain;
    const security =
      securityAdminRoleArn === undefined ? {} : { security: { adminRoleArn: securityAdminRoleArn } };
    return { ...resolveDomain(pulumi.output(arn), pulumi.output(endpoint), context), ...security };
  }
  const domain = new SearchDomain(name, { ...args.domain, ...context }, { parent });
  const role = domain.securityAdminRole;
  return {
    ...resolveDomain(domain.arn, domain.endpoint, context),
    security: { adminRoleArn: role.arn, adminRoleName: role.roleName },
  };
}

function resolveUrl({
  url,
  authentication,
  certificateAuthority,
}: Extract<SearchTargetArgs, { url: unknown }>["url"]): ResolvedTarget {
  const settings = pulumi
    .output({ endpoint: url, authentication, certificateAuthority })
    .apply(
      ({ certificateAuthority: authority, ...rest }): SearchTargetSettings =>
        authority === undefined ? rest : { ...rest, certificateAuthority: authority },
    );
  const secretArn = authentication.kind === "basic" ? authentication.secretArn : undefined;
  return { settings, grants: NO_GRANTS, secretArn };
}

function resolveDomain(
  arn: pulumi.Output<string>,
  endpoint: pulumi.Output<string>,
  { region }: EnvironmentContext,
): ResolvedTarget {
  const settings = pulumi.all([endpoint, region]).apply(
    ([host, signedFor]): SearchTargetSettings => ({
      endpoint: toEndpointUrl(host),
      authentication: { kind: "sigv4", region: signedFor, service: "es" },
    }),
  );
  return { settings, grants: domainGrants(arn), secretArn: undefined, domainArn: arn };
}

/** A domain's endpoint as a URL; people copy it from the console with its scheme, too. */
export function toEndpointUrl(endpoint: string): string {
  return endpoint.includes("://") ? endpoint.replace(/\/$/, "") : `https://${endpoint}`;
}

/** IAM opens the door of a domain; what may be done inside is fine-grained access control's to say. */
function domainGrants(arn: pulumi.Output<string>): TargetGrants {
  const readWrite = ["es:ESHttpGet", "es:ESHttpPost"];
  const everywhere = [pulumi.interpolate`${arn}/*`];
  return {
    indexes: (names) => [
      { actions: readWrite, resources: names.map((index) => pulumi.interpolate`${arn}/${index}/*`) },
    ],
    inspecting: [{ actions: [...readWrite, "es:ESHttpDelete"], resources: everywhere }],
    administering: [{ actions: [...readWrite, "es:ESHttpPut", "es:ESHttpDelete"], resources: everywhere }],
  };
}
