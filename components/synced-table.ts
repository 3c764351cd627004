import * as pulumi from "@pulumi/pulumi";
import type { SourceDescriptor } from "../core/source-descriptor.ts";
import type { AuditPolicy, TableDescriptor } from "../core/table-descriptor.ts";
import { findBootstrapFaults, findSqlTableFaults } from "./database-source/database-faults.ts";
import { AuditSchedule } from "./drift-audit/audit-schedule.ts";
import { type Fault, refuseFaults } from "./faults.ts";
import { planGeneration } from "./index-generation/generation-plan.ts";
import { type GenerationSurroundings, IndexGeneration } from "./index-generation/index-generation.ts";
import { makeLifecycleResource } from "./lifecycle-resource.ts";
import { findTargetFaults } from "./managed-pipeline/source-faults.ts";
import { GenerationAlarms } from "./observability/generation-alarms.ts";
import { watchedLog } from "./observability/path-metrics.ts";
import { WatchSchedule } from "./observability/watch-schedule.ts";
import { makeSecurityRoles } from "./search-target/make-security-roles.ts";
import { resolveSource } from "./sql-source.ts";
import type { AuditArgs, SyncedTableArgs } from "./synced-table-args.ts";
import { TableAccessRoles } from "./table-access.ts";
import type { TableContext, TableSource } from "./table-context.ts";
import { AUDIT_DEFAULTS, TABLE_DEFAULTS } from "./table-defaults.ts";
import { findTableFaults } from "./table-faults.ts";
import {
  auditGrants,
  generationAuditGrants,
  generationLifecycleGrants,
  lifecycleGrants,
} from "./table-grants.ts";

/** How often it is looked how far a table of a database is behind. */
const WATCH_MINUTES = 5;

/**
 * One table kept true: its generations, its audit, its alarms. The component's name is the alias that searches use.
 *
 * @example
 * ```ts
 * new SyncedTable("orders", { search, source: { dynamodb: "shop-orders" }, generations: [{ mode: "custom" }] });
 * ```
 */
export class SyncedTable extends pulumi.ComponentResource {
  readonly table: string;
  readonly generations: readonly IndexGeneration[];
  readonly descriptor: pulumi.Output<TableDescriptor>;
  /** The source table's name. */
  readonly sourceName: pulumi.Output<string>;
  /** Whether index-lifecycle looks how far its generations are behind. */
  readonly isWatched: boolean;

  constructor(name: string, args: SyncedTableArgs, opts?: pulumi.ComponentResourceOptions) {
    const isDomain = args.search.target.domainArn !== undefined;
    const faults = [
      ...findTableFaults(name, args),
      ...findTargetFaults(args, isDomain),
      ...sourceFaults(args),
    ];
    refuseFaults(`SyncedTable ${name}`, faults);
    super("trueup:index:SyncedTable", name, {}, { parent: args.search, ...opts });
    this.table = name;
    const context = this.#makeContext(name, args);
    this.sourceName = context.source.tableName;
    const around = this.#surround(name, args, context);
    this.generations = args.generations.map((generation) => {
      const plan = planGeneration(name, generation);
      return new IndexGeneration(plan.generation, context, plan, around, { parent: this });
    });
    this.isWatched = this.generations.some(({ path }) => watchedLog(context.source, path) !== undefined);
    const grants = { audit: auditGrants(context), lifecycle: lifecycleGrants(context) };
    const access = new TableAccessRoles(`${name}-access`, args.search, grants, { parent: this });
    this.descriptor = this.#describe(args, context, access);
    this.#finish(name, args, context, around, access);
    args.search.register(this);
    this.registerOutputs({ alias: name });
  }

  #makeContext(name: string, args: SyncedTableArgs): TableContext {
    const { context, target } = args.search;
    const { keyArn, protect } = context;
    return {
      ...context,
      table: name,
      source: resolveSource(`${name}-source`, args.source, { parent: this, protect, keyArn }),
      target: target.settings,
      targetGrants: target.grants,
      targetSecretArn: target.secretArn,
      ...(target.isProbed ? { probe: { audits: args.audit?.verifyIndex ?? true } } : {}),
      consumerTimeoutSeconds: args.consumerTimeoutSeconds ?? TABLE_DEFAULTS.consumerTimeoutSeconds,
      consumerMemoryMegabytes: args.consumerMemoryMegabytes ?? TABLE_DEFAULTS.consumerMemoryMegabytes,
      batchSize: args.batchSize ?? TABLE_DEFAULTS.batchSize,
      batchingWindowSeconds: args.batchingWindowSeconds ?? TABLE_DEFAULTS.batchingWindowSeconds,
      maximumLoaders: args.maximumLoaders ?? TABLE_DEFAULTS.maximumLoaders,
      manifestBuckets: args.manifestBuckets ?? TABLE_DEFAULTS.manifestBuckets,
      pollSeconds: args.audit?.pollSeconds ?? AUDIT_DEFAULTS.pollSeconds,
    };
  }

  #surround(name: string, args: SyncedTableArgs, context: TableContext): GenerationSurroundings {
    const { search } = args;
    const table = makeLifecycleResource(
      `${name}-table`,
      {
        action: "Table",
        functionArn: search.lifecycle.arn,
        responseBucket: context.stateBucket.name,
        spec: {
          table: name,
          retire: args.retire ?? false,
          ...(args.adopt === undefined ? {} : { adopt: args.adopt }),
        },
      },
      { parent: this, dependsOn: [...search.ready] },
    );
    return {
      auditFunctionArn: search.audit.function.arn,
      auditMachine: search.audit.machine,
      lifecycleFunctionArn: search.lifecycle.arn,
      table,
      lifecycleReady: search.ready,
    };
  }

  #describe(
    args: SyncedTableArgs,
    context: TableContext,
    { arns }: TableAccessRoles,
  ): pulumi.Output<TableDescriptor> {
    return pulumi.output({
      table: this.table,
      alias: this.table,
      source: describeSource(context.source),
      access: arns,
      generations: this.generations.map(({ descriptor }) => descriptor),
      cutover: args.cutover ?? "automatic",
      audit: toPolicy(args.audit, context),
      consumerTimeoutSeconds: context.consumerTimeoutSeconds,
      manifestBuckets: context.manifestBuckets,
    });
  }

  #finish(
    name: string,
    args: SyncedTableArgs,
    context: TableContext,
    around: GenerationSurroundings,
    access: TableAccessRoles,
  ): void {
    const { search } = args;
    for (const generation of this.generations) {
      const id = generation.plan.generation;
      const parent = { parent: generation };
      // Its own policies, gone with it: narrowing a table's would take the right to stop its build away before it is stopped.
      const audit = generationAuditGrants(generation, context);
      const grants = access.add(id, { audit, lifecycle: generationLifecycleGrants(generation) }, generation);
      const roles = makeSecurityRoles(search, generation);
      const alarms = new GenerationAlarms(`${id}-alarms`, search.topic.topicArn, context, generation, parent);
      const ready = [access, ...grants, ...roles, alarms];
      generation.finish(id, context, around, this.descriptor, ready);
    }
    new AuditSchedule(
      `${name}-audit`,
      search,
      {
        schedule: args.audit?.schedule ?? AUDIT_DEFAULTS.schedule,
        descriptor: this.descriptor,
        retired: args.retire ?? false,
      },
      { parent: this },
    );
    if (this.isWatched) this.#watch(name, args);
  }

  #watch(name: string, { search, retire = false }: SyncedTableArgs): void {
    const command = this.descriptor.apply((table) => ({ command: "watch-table" as const, table }));
    const watch = { everyMinutes: WATCH_MINUTES, command, sleeps: retire };
    new WatchSchedule(`${name}-watch`, search, watch, { parent: this });
  }
}

function sourceFaults({ source, generations }: SyncedTableArgs): readonly Fault[] {
  if (!("sql" in source)) {
    return findBootstrapFaults(generations.map((one) => (one.mode === "custom" ? one : {})));
  }
  return findSqlTableFaults({ tableName: source.table, generations }, source.sql.declared);
}

/** What workflows and functions are told of a source. */
function describeSource(source: TableSource): pulumi.Output<SourceDescriptor> {
  if (source.kind === "sql") return source.descriptor;
  const { kind, tableName, tableArn, streamArn, key } = source;
  return pulumi.output({ kind, tableName, tableArn, streamArn, key });
}

function toPolicy(audit: AuditArgs | undefined, { pollSeconds }: TableContext): AuditPolicy {
  return {
    verifyIndex: audit?.verifyIndex ?? true,
    breaker: { share: audit?.breaker?.share ?? 0.01, minimumCount: audit?.breaker?.minimumCount ?? 100 },
    fullEveryDays: audit?.fullEveryDays ?? AUDIT_DEFAULTS.fullEveryDays,
    pollSeconds,
  };
}
