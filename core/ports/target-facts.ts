import type { Fact } from "../check/fact.ts";

/** An OpenSearch Service domain. */
export interface DomainReading {
  readonly domainName: string;
  /** `OpenSearch_2.19` or `Elasticsearch_7.10`. */
  readonly engineVersion: string;
  /** Host names it answers under, without a scheme. */
  readonly endpoints: readonly string[];
  readonly fineGrainedAccess: boolean;
  /** Undefined for one that is reached over the internet. */
  readonly vpcId: string | undefined;
  readonly policy: DomainPolicy;
  readonly deleting: boolean;
}

/** What of a domain's access policy may keep our functions out. */
export interface DomainPolicy {
  /** 0 without a policy. */
  readonly statements: number;
  readonly hasDeny: boolean;
  readonly hasAddressCondition: boolean;
}

export interface DomainFacts {
  /** Reads one domain. Nothing is thrown: what cannot be read is said. */
  read(domainName: string): Promise<Fact<DomainReading>>;
}

export interface SecretFacts {
  /** Looks for a secret; its value is not read. */
  read(secretArn: string): Promise<Fact<{ readonly deleting: boolean }>>;
}

export interface PipelineValidator {
  /**
   * Has OpenSearch Ingestion itself look at a pipeline's body. Makes nothing.
   *
   * @returns what it finds wrong; empty for a valid body
   */
  validate(body: string): Promise<Fact<readonly string[]>>;
}
