/** The library's public surface. */
export { SyncError } from "../core/errors.ts";
export type { EnvironmentDescriptor } from "../core/table-descriptor.ts";
export type {
  ConnectArgs,
  ConnectPluginArgs,
  CreateKafkaArgs,
  DatabaseKind,
  DatabaseSourceArgs,
  GivenKafkaArgs,
  KafkaArgs,
  KafkaAuthenticationArgs,
  ManagedConnectArgs,
  TopicArgs,
} from "./database-source/database-args.ts";
export {
  findBootstrapFaults,
  findDatabaseFaults,
  findSqlTableFaults,
} from "./database-source/database-faults.ts";
export { DatabaseSource } from "./database-source/database-source.ts";
export type { CreateTableArgs, DynamoDbSourceArgs } from "./dynamodb-source.ts";
export { findEnvironmentFaults } from "./environment-faults.ts";
export type { Fault } from "./faults.ts";
export { type CodeBuilder, type FunctionCode, type FunctionEntry, makeCodeBuilder } from "./function-code.ts";
export { defaultMapping, type IndexMapping, mergeMapping } from "./index-generation/default-mapping.ts";
export type {
  CustomGenerationArgs,
  GenerationArgs,
  ManagedGenerationArgs,
  TransformSecretArgs,
} from "./index-generation/generation-plan.ts";
export { usesTransformSecrets } from "./index-generation/generation-plan.ts";
export { readMappingModule } from "./index-generation/read-mapping-module.ts";
export type { ManagedPipelineArgs } from "./managed-pipeline/dynamodb.ts";
export { findTargetFaults } from "./managed-pipeline/source-faults.ts";
export type { NetworkArgs } from "./network/network.ts";
export { makeRetryWhileRoleSpreads } from "./retry-while-role-spreads.ts";
export { SearchSync } from "./search-sync.ts";
export type { SearchSyncArgs } from "./search-sync-args.ts";
export type { DomainArgs } from "./search-target/domain.ts";
export type {
  AuthenticationArgs,
  CollectionArgs,
  ExistingDomainArgs,
  SearchTargetArgs,
  SelfManagedArgs,
  SigningArgs,
} from "./search-target/search-target.ts";
export type { SqlSourceArgs, TableSourceArgs } from "./sql-source.ts";
export { SyncedTable } from "./synced-table.ts";
export type { AuditArgs, SyncedTableArgs } from "./synced-table-args.ts";
export { findTableFaults } from "./table-faults.ts";
