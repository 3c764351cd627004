import * as pulumi from "@pulumi/pulumi";
import type { SearchTargetSettings } from "../../core/table-descriptor.ts";
import type { EnvironmentContext } from "../environment-context.ts";
import type { SearchTargetInput, TargetGrants } from "../table-context.ts";
import { SearchDomain } from "./domain.ts";
import type {
  AuthenticationArgs,
  CollectionArgs,
  SearchTargetArgs,
  SelfManagedArgs,
  SigningArgs,
} from "./search-target.ts";

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
  /** Whether it must show what it can do before an index is made in it. */
  readonly isProbed?: boolean;
}

const NO_GRANTS: TargetGrants = { indexes: () => [], inspecting: [], administering: [] };

/** Makes or takes the search target, and says what functions may do on it. */
export function resolveTarget(
  name: string,
  args: SearchTargetArgs,
  context: EnvironmentContext,
  parent: pulumi.Resource,
): ResolvedTarget {
  if (args.url !== undefined) return resolveUrl(args.url, context);
  if (args.collection !== undefined) return resolveCollection(args.collection, context);
  if (args.existingDomain !== undefined) {
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

function resolveUrl(
  { url, authentication, certificateAuthority }: SelfManagedArgs,
  { region }: EnvironmentContext,
): ResolvedTarget {
  const settings = pulumi.output({ endpoint: url, authentication, certificateAuthority, region }).apply(
    ({ endpoint, certificateAuthority: authority, ...told }): SearchTargetSettings => ({
      endpoint,
      authentication: toAuthentication(told.authentication, told.region),
      ...(authority === undefined ? {} : { certificateAuthority: authority }),
    }),
  );
  return {
    settings,
    grants: authentication.kind === "sigv4" ? signingGrants(authentication) : NO_GRANTS,
    secretArn: "secretArn" in authentication ? authentication.secretArn : undefined,
  };
}

function toAuthentication(
  told: pulumi.Unwrap<AuthenticationArgs>,
  stackRegion: string,
): SearchTargetSettings["authentication"] {
  if (told.kind !== "sigv4") return told;
  const { kind, region = stackRegion, service = "es" } = told;
  return { kind, region, service };
}

function signingGrants({ arn, service }: SigningArgs): TargetGrants {
  if (arn === undefined) return NO_GRANTS;
  return service === "aoss" ? collectionGrants(pulumi.output(arn)) : domainGrants(pulumi.output(arn));
}

function resolveCollection(
  { arn, endpoint }: CollectionArgs,
  { region }: EnvironmentContext,
): ResolvedTarget {
  const settings = pulumi.all([endpoint, region]).apply(
    ([host, signedFor]): SearchTargetSettings => ({
      endpoint: toEndpointUrl(host),
      authentication: { kind: "sigv4", region: signedFor, service: "aoss" },
    }),
  );
  return { settings, grants: collectionGrants(pulumi.output(arn)), secretArn: undefined, isProbed: true };
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

/**
 * IAM opens the door of a collection with one action for all that is done inside; what that is, its data access policy says.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/security-iam-serverless.html#security_iam_id-based-policy-examples-data-plane
 */
function collectionGrants(arn: pulumi.Output<string>): TargetGrants {
  const all = [{ actions: ["aoss:APIAccessAll"], resources: [arn] }];
  return { indexes: () => all, inspecting: all, administering: all };
}
