import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentDescriptor, TableDescriptor } from "../core/table-descriptor.ts";
import { DriftAudit } from "./drift-audit/drift-audit.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { findEnvironmentFaults } from "./environment-faults.ts";
import { refuseFaults } from "./faults.ts";
import { makeCodeBuilder } from "./function-code.ts";
import { makeIndexLifecycle } from "./index-lifecycle.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { makeLifecycleResource } from "./lifecycle-resource.ts";
import { Network } from "./network/network.ts";
import { type DashboardTable, makeEnvironmentDashboards } from "./observability/dashboard.ts";
import type { SearchSyncArgs } from "./search-sync-args.ts";
import { type ResolvedTarget, resolveTarget } from "./search-target/resolve-target.ts";
import type { SearchTargetArgs } from "./search-target/search-target.ts";
import { makeSecurityMapper, type SecurityMapper } from "./search-target/security-mapper.ts";
import { environmentRoles } from "./search-target/security-roles.ts";
import { StateBucket } from "./state-bucket.ts";

/** A table as its environment knows it. */
export interface RegisteredTable extends DashboardTable {
  readonly descriptor: pulumi.Output<TableDescriptor>;
}

/** A database as its environment knows it. */
export interface RegisteredSource {
  readonly source: string;
  readonly connector:
    | { readonly name: string; readonly configuration: pulumi.Output<Readonly<Record<string, string>>> }
    | undefined;
}

const DEFAULT_LOG_DAYS = 30;
const DEFAULT_CUTOVER_LAG_SECONDS = 60;

/**
 * One environment: what its tables share. State bucket, search target, network, index-lifecycle, the audit,
 * the topic and the dashboard.
 *
 * @example
 * ```ts
 * const search = new SearchSync("prod", { target: { existingDomain: { arn, endpoint } } });
 * new SyncedTable("orders", { search, source: { dynamodb: ordersTable.name }, generations: [{ mode: "custom" }] });
 * export const environment = search.describe();
 * ```
 */
export class SearchSync extends pulumi.ComponentResource {
  readonly context: EnvironmentContext;
  readonly target: ResolvedTarget;
  readonly lifecycle: LambdaFunction;
  readonly audit: DriftAudit;
  readonly topic: awsNative.sns.Topic;
  /** What must be there whenever index-lifecycle works on the target. */
  readonly ready: readonly pulumi.Resource[];
  /** Maps roles, where the target's fine-grained access control is ours to set. */
  readonly security: SecurityMapper | undefined;
  readonly #name: string;
  readonly #tables: RegisteredTable[] = [];
  readonly #sources: RegisteredSource[] = [];

  constructor(name: string, args: SearchSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseFaults(`SearchSync ${name}`, findEnvironmentFaults(name, args));
    super("trueup:index:SearchSync", name, {}, opts);
    this.#name = name;
    this.context = this.#makeContext(name, args);
    this.topic = this.#makeTopic(name, args);
    this.target = resolveTarget(`${name}-search`, args.target, this.context, this);
    const shared = {
      target: this.target.settings,
      targetGrants: this.target.grants,
      targetSecretArn: this.target.secretArn,
      topicArn: this.topic.topicArn,
    };
    const maximumCutoverLagSeconds = args.maximumCutoverLagSeconds ?? DEFAULT_CUTOVER_LAG_SECONDS;
    this.lifecycle = makeIndexLifecycle(
      `${name}-lifecycle`,
      this.context,
      { ...shared, maximumCutoverLagSeconds },
      { parent: this },
    );
    this.audit = new DriftAudit(`${name}-audit`, this.context, shared, { parent: this });
    this.security = makeSecurityMapper(
      `${name}-security`,
      this.context,
      this.target,
      { ...shared, maximumCutoverLagSeconds },
      { parent: this },
    );
    this.ready = [this.lifecycle, ...this.context.networkReady, ...this.#mapEnvironmentRoles(name)];
    this.registerOutputs({ stateBucket: this.context.stateBucket.name });
  }

  /** Called by each table as it is made. */
  register(table: RegisteredTable): void {
    this.#tables.push(table);
  }

  /** Called by each database as it is made. */
  registerSource(source: RegisteredSource): void {
    this.#sources.push(source);
  }

  /**
   * What the command line reads of the stack, and the dashboards of all tables; call it when every table is declared,
   * and export the result as `environment`.
   */
  describe(): pulumi.Output<EnvironmentDescriptor> {
    const { environment, region, accountId, stateBucket } = this.context;
    const sources = this.#sources.flatMap(({ source, connector }) =>
      connector === undefined ? [] : [source],
    );
    const shown = { tables: this.#tables, sources };
    makeEnvironmentDashboards(`${this.#name}-dashboard`, this.context, shown, { parent: this });
    return pulumi.output({
      environment,
      region,
      accountId,
      stateBucket: stateBucket.name,
      target: this.target.settings,
      lifecycleFunction: this.lifecycle.arn,
      auditFunction: this.audit.function.arn,
      auditStateMachine: this.audit.machine.arn,
      topicArn: this.topic.topicArn,
      tables: Object.fromEntries(this.#tables.map(({ table, descriptor }) => [table, descriptor])),
      ...this.#describeConnectors(),
    });
  }

  #describeConnectors() {
    const found = this.#sources.flatMap(({ source, connector }) =>
      connector === undefined ? [] : [[source, connector] as const],
    );
    return found.length === 0 ? {} : { connectors: Object.fromEntries(found) };
  }

  #makeContext(name: string, args: SearchSyncArgs): EnvironmentContext {
    const region = pulumi.output(aws.getRegionOutput({}, { parent: this }).region);
    const accountId = pulumi.output(aws.getCallerIdentityOutput({}, { parent: this }).accountId);
    const partition = pulumi.output(aws.getPartitionOutput({}, { parent: this }).partition);
    const bucket = new StateBucket(
      `${name}-state`,
      { keyArn: args.keyArn, protect: args.protect ?? true },
      { parent: this },
    );
    const network =
      args.network === undefined
        ? undefined
        : new Network(
            `${name}-network`,
            { ...args.network, region, readsSecrets: args.readsSecrets === true || usesSecret(args.target) },
            { parent: this },
          );
    return {
      environment: name,
      region,
      accountId,
      partition,
      stateBucket: bucket,
      code: args.code ?? makeCodeBuilder(packageRoot()),
      permissionsBoundary: args.permissionsBoundary,
      keyArn: args.keyArn,
      logRetentionDays: args.logRetentionDays ?? DEFAULT_LOG_DAYS,
      errorHooks: args.errorHooks ?? [],
      protect: args.protect ?? true,
      networkReady: network === undefined ? [] : [network],
      ...(network === undefined ? {} : { vpcConfig: network.vpcConfig, streamsUrl: network.streamsUrl }),
    };
  }

  #makeTopic(name: string, { keyArn, notifyEmails = [] }: SearchSyncArgs): awsNative.sns.Topic {
    return new awsNative.sns.Topic(
      `${name}-events`,
      {
        ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }),
        subscription: notifyEmails.map((endpoint) => ({ protocol: "email", endpoint })),
      },
      { parent: this },
    );
  }

  #mapEnvironmentRoles(name: string): readonly pulumi.Resource[] {
    if (this.security === undefined) return [];
    const roles = environmentRoles(this.context.environment, {
      lifecycle: this.lifecycle.roleArn,
      audit: this.audit.function.roleArn,
    });
    return [
      makeLifecycleResource(
        `${name}-roles`,
        {
          action: "Security",
          functionArn: this.security.function.arn,
          responseBucket: this.context.stateBucket.name,
          spec: pulumi.output({ roles }),
        },
        { parent: this, dependsOn: [...this.security.ready] },
      ),
    ];
  }
}

function usesSecret(target: SearchTargetArgs): boolean {
  return target.url !== undefined && "secretArn" in target.url.authentication;
}

/** This file lies one folder below the root of the modules. */
function packageRoot(): string {
  return resolve(fileURLToPath(import.meta.url), "../..");
}
