import type * as pulumi from "@pulumi/pulumi";
import type { DomainArgs } from "./domain.ts";

/**
 * Where documents go: a domain made here, one that exists, or any OpenSearch behind a URL. Exactly one.
 */
export type SearchTargetArgs =
  | { readonly domain: DomainArgs; readonly existingDomain?: never; readonly url?: never }
  | { readonly existingDomain: ExistingDomainArgs; readonly domain?: never; readonly url?: never }
  | { readonly url: SelfManagedArgs; readonly domain?: never; readonly existingDomain?: never };

/** A domain that exists; its access policy and role mappings must let the functions' roles in. */
export interface ExistingDomainArgs {
  /** The domain's ARN: functions may reach its indexes. */
  readonly arn: pulumi.Input<string>;
  /** Host name of the domain or of its VPC endpoint, without a scheme. */
  readonly endpoint: pulumi.Input<string>;
  /**
   * Role that may use the security API, assumed by nobody else: the domain's master user. Where given, role mappings are made;
   * where not, they must exist.
   *
   * It must trust `lambda.amazonaws.com` and may `es:ESHttpGet`, `ESHttpPut` and `ESHttpDelete` on
   * `<domain>/_plugins/_security/api/*`; with `network` it has `AWSLambdaVPCAccessExecutionRole`, with `keyArn`
   * `kms:Decrypt` on it; `logs:CreateLogStream` and `PutLogEvents`, or it keeps no log.
   *
   * @default none
   */
  readonly securityAdminRoleArn?: pulumi.Input<string>;
}

/** An OpenSearch of your own. */
export interface SelfManagedArgs {
  /** `https://host[:port]`, without a trailing slash. */
  readonly url: pulumi.Input<string>;
  /** `none` is for test engines on a private network. */
  readonly authentication:
    | { readonly kind: "none" }
    | { readonly kind: "basic"; readonly secretArn: pulumi.Input<string> };
  /**
   * The certificate authority that signed its certificate, PEM.
   *
   * @default the public ones
   */
  readonly certificateAuthority?: pulumi.Input<string>;
}
