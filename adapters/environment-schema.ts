import * as z from "zod";
import type { EnvironmentDescriptor, TableDescriptor } from "../core/table-descriptor.ts";
import { sourceSchema } from "./source-schema.ts";

const authentication = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("basic"), secretArn: z.string() }),
  z.object({ kind: z.literal("apiKey"), secretArn: z.string() }),
  z.object({ kind: z.literal("sigv4"), region: z.string(), service: z.enum(["es", "aoss"]) }),
]);

const target = z.object({
  endpoint: z.string(),
  authentication,
  certificateAuthority: z.string().exactOptional(),
});

const anyGeneration = {
  generation: z.string(),
  revision: z.number(),
  index: z.string(),
  writeAlias: z.string(),
  indexUuid: z.string(),
  transformHash: z.string(),
  reindexQueueUrl: z.string(),
  deadLetterQueueUrl: z.string(),
  buildStateMachine: z.string(),
};
const generation = z.discriminatedUnion("mode", [
  z.object({
    ...anyGeneration,
    mode: z.literal("custom"),
    consumerFunction: z.string(),
    loaderFunction: z.string(),
  }),
  z.object({
    ...anyGeneration,
    mode: z.literal("managed"),
    pipeline: z.object({ name: z.string(), collectSeconds: z.number() }),
  }),
]);

/** Reads a {@link TableDescriptor} that came as JSON. Members of a later version are dropped. */
export const tableDescriptorSchema: z.ZodType<TableDescriptor> = z.object({
  table: z.string(),
  alias: z.string(),
  source: sourceSchema,
  access: z.object({ auditRoleArn: z.string(), lifecycleRoleArn: z.string() }),
  generations: z.array(generation),
  cutover: z.enum(["automatic", "manual"]),
  audit: z.object({
    verifyIndex: z.boolean(),
    breaker: z.object({ share: z.number(), minimumCount: z.number() }),
    fullEveryDays: z.number(),
    pollSeconds: z.number(),
  }),
  consumerTimeoutSeconds: z.number(),
  manifestBuckets: z.number(),
});

/** Reads the {@link EnvironmentDescriptor} a stack exports as `environment`. */
export const environmentSchema: z.ZodType<EnvironmentDescriptor> = z.object({
  environment: z.string(),
  region: z.string(),
  accountId: z.string(),
  stateBucket: z.string(),
  target,
  lifecycleFunction: z.string(),
  auditFunction: z.string(),
  auditStateMachine: z.string(),
  topicArn: z.string(),
  tables: z.record(z.string(), tableDescriptorSchema),
  connectors: z
    .record(z.string(), z.object({ name: z.string(), configuration: z.record(z.string(), z.string()) }))
    .exactOptional(),
});
