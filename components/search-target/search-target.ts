import type * as pulumi from "@pulumi/pulumi";
import type { DomainArgs } from "./domain.ts";

/**
 * Where documents go: a domain made here, one that exists, a Serverless collection, or any OpenSearch or Elasticsearch
 * behind a URL. Exactly one.
 */
export type SearchTargetArgs =
  | OneForm<"domain", DomainArgs>
  | OneForm<"existingDomain", ExistingDomainArgs>
  | OneForm<"collection", CollectionArgs>
  | OneForm<"url", SelfManagedArgs>;

type Form = "domain" | "existingDomain" | "collection" | "url";
type OneForm<Name extends Form, Args> = { readonly [Own in Name]: Args } & {
  readonly [Other in Exclude<Form, Name>]?: never;
};

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

/**
 * A collection of OpenSearch Serverless, of type search. What a generation rests on is tried in it before its first index
 * is made; one that does not do it is refused (`TARGET_UNSUPPORTED`). Its data access policy must let the functions' roles
 * in: index-lifecycle's and the audit's to every index, `aoss:*`; consumers' to read and write documents and describe indexes.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html
 */
export interface CollectionArgs {
  /** The collection's ARN: functions may reach it. */
  readonly arn: pulumi.Input<string>;
  /** Host name of the collection, without a scheme. */
  readonly endpoint: pulumi.Input<string>;
}

/** How functions prove who they are to an engine of your own. */
export type AuthenticationArgs =
  | { readonly kind: "none" }
  | { readonly kind: "basic" | "apiKey"; readonly secretArn: pulumi.Input<string> }
  | SigningArgs;

/** Requests signed with Signature Version 4 by the functions' roles. */
export interface SigningArgs {
  readonly kind: "sigv4";
  /** The region the signature is for. @default the stack's */
  readonly region?: pulumi.Input<string>;
  /** The service the signature is for: `es` for domains and proxies before an engine of your own, `aoss` for collections. @default "es" */
  readonly service?: "es" | "aoss";
  /**
   * ARN of the domain or collection behind the URL, in another account or region too: functions' roles may reach it. Its own
   * policy must let them in.
   *
   * @default none; the engine's front judges signatures by itself
   */
  readonly arn?: pulumi.Input<string>;
}

/** An OpenSearch or Elasticsearch of your own, here or in another cloud. */
export interface SelfManagedArgs {
  /** `https://host[:port]`, without a trailing slash. */
  readonly url: pulumi.Input<string>;
  /** `none` is for test engines on a private network. */
  readonly authentication: AuthenticationArgs;
  /**
   * The certificate authority that signed its certificate, PEM.
   *
   * @default the public ones
   */
  readonly certificateAuthority?: pulumi.Input<string>;
}
