import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentDescriptor, TableDescriptor } from "../core/table-descriptor.ts";
import { DriftAudit } from "./drift-audit/drift-audit.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { type Fault, refuseFaults } from "./faults.ts";
import { type CodeBuilder, makeCodeBuilder } from "./function-code.ts";
import { toPolicyDocument } from "./iam.ts";
import { makeIndexLifecycle } from "./index-lifecycle.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { makeLifecycleResource } from "./lifecycle-resource.ts";
import { Network, type NetworkArgs } from "./network/network.ts";
import { type DashboardTable, makeEnvironmentDashboard } from "./observability/dashboard.ts";
import { type ResolvedTarget, resolveTarget } from "./search-target/resolve-target.ts";
import type { SearchTargetArgs } from "./search-target/search-target.ts";
import { environmentRoles } from "./search-target/security-roles.ts";
import { StateBucket } from "./state-bucket.ts";

/** A table as its environment knows it. */
export interface RegisteredTable extends DashboardTable {
  readonly descriptor: pulumi.Output<TableDescriptor>;
}

/** Arguments of an environment. */
export interface SearchSyncArgs {
  /** Where documents go: `domain`, `existingDomain` or `url`. */
  readonly target: SearchTargetArgs;
  /** Where functions run; needed when the target is inside a VPC. @default outside any VPC */
  readonly network?: NetworkArgs;
  /** KMS key for bucket, queues, topic, logs and environments. @default AWS's own keys */
  readonly keyArn?: pulumi.Input<string>;
  /** Put on every role made here. @default none */
  readonly permissionsBoundary?: pulumi.Input<string>;
  /** Addresses told of moves, drift, gaps and failures. @default nobody */
  readonly notifyEmails?: readonly string[];
  /** Days that function logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** The largest lag at which an alias may move, seconds. @default 60 */
  readonly maximumCutoverLagSeconds?: number;
  /** Whether stateful resources refuse to be deleted or replaced. @default true */
  readonly protect?: boolean;
  /** Hooks on what needs a role that may be seconds old; see `makeRetryWhileRoleSpreads`. @default none */
  readonly errorHooks?: readonly pulumi.ErrorHook[];
  /** Builds the functions' code. @default esbuild over this package's sources */
  readonly code?: CodeBuilder;
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
  readonly security: LambdaFunction | undefined;
  readonly #name: string;
  readonly #tables: RegisteredTable[] = [];

  constructor(name: string, args: SearchSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trueup:index:SearchSync", name, {}, opts);
    refuseFaults(`SearchSync ${name}`, findFaults(name, args));
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
    this.security = this.#makeSecurity(name, { ...shared, maximumCutoverLagSeconds });
    this.ready = [this.lifecycle, ...this.#mapEnvironmentRoles(name)];
    this.registerOutputs({ stateBucket: this.context.stateBucket.name });
  }

  /** Called by each table as it is made. */
  register(table: RegisteredTable): void {
    this.#tables.push(table);
  }

  /**
   * What the command line reads of the stack, and the dashboard of all tables; call it when every table is declared,
   * and export the result as `environment`.
   */
  describe(): pulumi.Output<EnvironmentDescriptor> {
    const { environment, region, accountId, stateBucket } = this.context;
    makeEnvironmentDashboard(`${this.#name}-dashboard`, this.context, this.#tables, { parent: this });
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
    });
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
        : new Network(`${name}-network`, { ...args.network, region }, { parent: this });
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
      ...(network === undefined ? {} : { vpcConfig: network.vpcConfig }),
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

  #makeSecurity(
    name: string,
    args: Omit<Parameters<typeof makeIndexLifecycle>[2], "existingRoleArn">,
  ): LambdaFunction | undefined {
    const { security, domainArn } = this.target;
    if (security === undefined) return undefined;
    const mapper = makeIndexLifecycle(
      `${name}-security`,
      this.context,
      { ...args, existingRoleArn: security.adminRoleArn },
      { parent: this },
    );
    if (security.adminRoleName !== undefined && domainArn !== undefined) {
      new awsNative.iam.RolePolicy(
        `${name}-security-access`,
        {
          roleName: security.adminRoleName,
          policyName: "security-api",
          policyDocument: toPolicyDocument([
            {
              actions: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPatch", "es:ESHttpDelete"],
              resources: [pulumi.interpolate`${domainArn}/_plugins/_security/api/*`],
            },
            { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [mapper.logGroupArn] },
          ]),
        },
        { parent: this },
      );
    }
    return mapper;
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
          functionArn: this.security.arn,
          responseBucket: this.context.stateBucket.name,
          spec: pulumi.output({ roles }),
        },
        { parent: this, dependsOn: [this.security] },
      ),
    ];
  }
}

function findFaults(name: string, args: SearchSyncArgs): readonly Fault[] {
  const faults: Fault[] = [];
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    faults.push({ propertyPath: "name", reason: `must be a to z, 0 to 9 and -, at most 20; got ${name}` });
  }
  const { network } = args;
  if (network?.endpoints === "create" && network.routeTableIds === undefined) {
    faults.push({ propertyPath: "network.routeTableIds", reason: "is required with endpoints: create" });
  }
  if ("domain" in args.target && args.target.domain.instanceCount < 1) {
    faults.push({ propertyPath: "target.domain.instanceCount", reason: "must be 1 or more" });
  }
  return faults;
}

/** This file lies one folder below the package's root. */
function packageRoot(): string {
  return new URL("..", import.meta.url).pathname.replace(/\/$/, "");
}
