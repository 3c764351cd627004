import type { SourceDescriptor } from "./source-descriptor.ts";

/** How to reach a search target. An endpoint comes from here and from nowhere else. */
export interface SearchTargetSettings {
  /** Base URL, `https://host` or `http://127.0.0.1:9200`, without a trailing slash. */
  readonly endpoint: string;
  readonly authentication:
    | { readonly kind: "none" }
    /** A secret with `{"username", "password"}`. */
    | { readonly kind: "basic"; readonly secretArn: string }
    /** A secret with `{"apiKey"}`, as the engine gave it: `id:key` in base64. */
    | { readonly kind: "apiKey"; readonly secretArn: string }
    | { readonly kind: "sigv4"; readonly region: string; readonly service: "es" | "aoss" };
  /** Certificate authority of a self-managed target, PEM. */
  readonly certificateAuthority?: string;
}

/** What identifies one generation to everything that serves it. */
export type GenerationDescriptor = CustomGeneration | ManagedGeneration;

/** A generation that our consumer writes. */
export interface CustomGeneration extends AnyGeneration {
  readonly mode: "custom";
  readonly consumerFunction: string;
  readonly loaderFunction: string;
}

/** A generation that an OpenSearch Ingestion pipeline writes; only re-reads go through our consumer. */
export interface ManagedGeneration extends AnyGeneration {
  readonly mode: "managed";
  readonly pipeline: {
    readonly name: string;
    /** How long it gathers what it sent before it tells the manifest, seconds. */
    readonly collectSeconds: number;
  };
}

/** What generations of both modes have. */
interface AnyGeneration {
  /** `<table>-<mode>-<revision>`; also the index's name. */
  readonly generation: string;
  readonly revision: number;
  readonly index: string;
  /** The consumer's write alias, `<index>-write`, which makes a late write fail instead of making an index. */
  readonly writeAlias: string;
  /** Read by index-lifecycle when it made the index; the manifest is kept under it. */
  readonly indexUuid: string;
  readonly transformHash: string;
  readonly reindexQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly buildStateMachine: string;
}

/** Roles that may touch one table, its stream and its queues; each assumed by one function of the environment. */
export interface TableAccess {
  readonly auditRoleArn: string;
  readonly lifecycleRoleArn: string;
}

/** One `tables:` entry, as workflows and the command line are told of it. All ARNs and URLs are resolved. */
export interface TableDescriptor {
  readonly table: string;
  /** The alias searches use; the table's name. */
  readonly alias: string;
  readonly source: SourceDescriptor;
  readonly access: TableAccess;
  /** Oldest first; one or two. */
  readonly generations: readonly GenerationDescriptor[];
  readonly cutover: "automatic" | "manual";
  readonly audit: AuditPolicy;
  /** The longest time one consumer or loader invocation can last, seconds; an audit waits it out. */
  readonly consumerTimeoutSeconds: number;
  /** How many parts the manifest is hashed into; fixed when the table is first declared. */
  readonly manifestBuckets: number;
}

/** When an audit holds back, and what it looks at. */
export interface AuditPolicy {
  /** Stage 2 (manifest = index) on or off. */
  readonly verifyIndex: boolean;
  readonly breaker: { readonly share: number; readonly minimumCount: number };
  /** Days between full audits; the ones between are incremental. */
  readonly fullEveryDays: number;
  /** Seconds between polls of an export or of the horizon. */
  readonly pollSeconds: number;
}

/** What the stack exports as `environment`, and the command line reads. */
export interface EnvironmentDescriptor {
  readonly environment: string;
  readonly region: string;
  readonly accountId: string;
  readonly stateBucket: string;
  readonly target: SearchTargetSettings;
  readonly lifecycleFunction: string;
  readonly auditFunction: string;
  readonly auditStateMachine: string;
  readonly topicArn: string;
  readonly tables: Readonly<Record<string, TableDescriptor>>;
  /** By source: the connector that brings its changes into Kafka. With `connect: external` it is yours to run. Absent without one. */
  readonly connectors?: Readonly<Record<string, ConnectorDescriptor>>;
}

/** A connector as Kafka Connect takes it. */
export interface ConnectorDescriptor {
  readonly name: string;
  /** Passwords are placeholders. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** The reserved field that marks a tombstone: epoch milliseconds of the delete. The search alias filters on it. */
export const DELETED_AT_FIELD = "_trueup_deleted_at";
