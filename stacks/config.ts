import * as z from "zod";
import { configurationInvalid, toFaults } from "./config-faults.ts";
import { findFormFaults } from "./form-faults.ts";

const text = z.string().min(1);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "must begin with a letter and have only a to z, 0 to 9 and -");
const whole = z.int().min(1);

const keyAttribute = z.strictObject({ name: text, type: z.enum(["S", "N", "B"]) });
const createTable = z.strictObject({
  tableName: text.exactOptional(),
  partitionKey: keyAttribute,
  sortKey: keyAttribute.exactOptional(),
});

const source = z.union(
  [
    z.strictObject({ dynamodb: text, keyArn: text.exactOptional() }),
    z.strictObject({ create: createTable }),
    z.strictObject({ sql: text, table: text }),
  ],
  "must be { dynamodb: <table name> }, { create: { partitionKey, sortKey } } or { sql: <name under sources>, table: <schema.table> }",
);
const mode = z.enum(["managed", "custom"], 'must be "managed" or "custom"');

const TWO_AT_MOST =
  "lists more than two generations, and a DynamoDB shard bears two readers; remove one that does not serve, deploy, then add the new one";
/** Lambda takes 4 KB of environment variables, which hold other settings too. */
const LARGEST_CONFIGURATION = 2_000;
const CONFIGURATION_TOO_LARGE = `must be at most ${LARGEST_CONFIGURATION} characters of JSON; keep larger things in the module, or fetch them`;
const secretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "must be a name as code writes it: letters, digits and _");
const transformSecret = z.strictObject({
  arn: z
    .string()
    .regex(
      /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
      "must be the full ARN of a secret, with the six characters it ends in",
    ),
  keyArn: text.exactOptional(),
});
const generationShape = {
  mode: mode.exactOptional(),
  revision: whole.exactOptional(),
  mapping: text.exactOptional(),
  transform: text.exactOptional(),
  settings: z.record(z.string(), z.unknown()).exactOptional(),
  transformConfiguration: z
    .record(z.string(), z.unknown())
    .refine((value) => JSON.stringify(value).length <= LARGEST_CONFIGURATION, CONFIGURATION_TOO_LARGE)
    .exactOptional(),
  transformSecrets: z.record(secretName, transformSecret).exactOptional(),
  allowTransformChange: z.boolean().exactOptional(),
  bootstrap: z.enum(["export", "incremental-snapshot"]).exactOptional(),
  pipeline: z
    .strictObject({
      minimumUnits: whole.exactOptional(),
      maximumUnits: whole.exactOptional(),
      flushMillis: z.int().exactOptional(),
      collectSeconds: whole.exactOptional(),
      processors: z.array(z.record(z.string(), z.unknown())).exactOptional(),
      repair: z.enum(["rewrite", "touch"]).exactOptional(),
    })
    .exactOptional(),
};
const generation = z.strictObject({ ...generationShape, mode });

const audit = z.strictObject({
  schedule: text.exactOptional(),
  fullEveryDays: whole.exactOptional(),
  verifyIndex: z.boolean().exactOptional(),
  breaker: z
    .strictObject({ share: z.number().min(0).max(1).exactOptional(), minimumCount: whole.exactOptional() })
    .exactOptional(),
  pollSeconds: whole.exactOptional(),
});

const table = z.strictObject({
  source,
  ...generationShape,
  generations: z.array(generation).min(1).max(2, TWO_AT_MOST).exactOptional(),
  cutover: z.enum(["automatic", "manual"]).exactOptional(),
  retire: z.boolean().exactOptional(),
  adopt: z
    .strictObject({
      index: text.exactOptional(),
      alias: text.exactOptional(),
      deleteIndexAtCutover: z.boolean().exactOptional(),
    })
    .exactOptional(),
  audit: audit.exactOptional(),
  consumerTimeoutSeconds: whole.exactOptional(),
  consumerMemoryMegabytes: whole.exactOptional(),
  batchSize: whole.exactOptional(),
  batchingWindowSeconds: z.int().exactOptional(),
  maximumLoaders: whole.exactOptional(),
  manifestBuckets: whole.exactOptional(),
});

const port = z.int().min(1).max(65_535);
const topics = {
  partitions: whole.exactOptional(),
  replicationFactor: whole.exactOptional(),
  retentionHours: whole.exactOptional(),
};
const kafka = z.union(
  [
    z.strictObject({
      bootstrapServers: z.array(z.string().regex(/^[^:]+:[0-9]+$/, "must be host:port")).min(1),
      authentication: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({
          kind: z.literal("scram"),
          secretArn: text,
          secretKeyArn: text.exactOptional(),
        }),
        z.strictObject({ kind: z.literal("iam") }),
      ]),
      clusterArn: text.exactOptional(),
      ...topics,
    }),
    z.strictObject({
      create: z.strictObject({
        instanceType: text.exactOptional(),
        brokersEach: whole.exactOptional(),
        volumeGibibytes: whole.exactOptional(),
        kafkaVersion: text.exactOptional(),
      }),
      ...topics,
    }),
  ],
  "must be { bootstrapServers, authentication: { kind: none | scram | iam } } or { create: { … } }",
);
const connect = z.union(
  [
    z.literal("external"),
    z.strictObject({
      plugin: z.union(
        [
          z.strictObject({ bucketArn: text, fileKey: text }),
          z.strictObject({ assemble: z.strictObject({ jars: z.array(text) }) }),
        ],
        "must be { bucketArn, fileKey } or { assemble: { jars } }",
      ),
      secretsProvider: text.exactOptional(),
      capacityUnits: whole.exactOptional(),
    }),
  ],
  "must be external or { plugin: { … } }",
);
const database = z.strictObject({
  kind: z.enum(["aurora-postgresql", "aurora-mysql", "rds-postgresql", "rds-mysql", "postgresql"]),
  cluster: text.exactOptional(),
  instance: text.exactOptional(),
  host: text.exactOptional(),
  port: port.exactOptional(),
  database: text,
  secretArn: text,
  secretKeyArn: text.exactOptional(),
  tls: z.enum(["verified", "off"]).exactOptional(),
  certificateAuthority: text.exactOptional(),
  replica: z.strictObject({ host: text, port: port.exactOptional() }).exactOptional(),
  kafka: kafka.exactOptional(),
  connect: connect.exactOptional(),
  managedPipeline: z.literal("shared", 'must be "shared", or left out').exactOptional(),
  revision: whole.exactOptional(),
  retainedLogAlarmGibibytes: whole.exactOptional(),
});

const domain = z.strictObject({
  engineVersion: text.exactOptional(),
  instanceType: text,
  instanceCount: whole,
  dedicatedMasterType: text.exactOptional(),
  volumeGibibytes: whole.exactOptional(),
});
const target = z.union(
  [
    z.strictObject({ domain }),
    z.strictObject({
      existingDomain: z.strictObject({
        arn: text,
        endpoint: text,
        securityAdminRoleArn: text.exactOptional(),
      }),
    }),
    z.strictObject({ collection: z.strictObject({ arn: text, endpoint: text }) }),
    z.strictObject({
      url: z.string().regex(/^https?:\/\/[^/]+$/, "must be http(s)://host[:port]"),
      authentication: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.enum(["basic", "apiKey"]), secretArn: text }),
        z.strictObject({
          kind: z.literal("sigv4"),
          region: text.exactOptional(),
          service: z.enum(["es", "aoss"]).exactOptional(),
          arn: text.exactOptional(),
        }),
      ]),
      certificateAuthority: text.exactOptional(),
    }),
  ],
  "must be { domain }, { existingDomain: { arn, endpoint } }, { collection: { arn, endpoint } } or { url, authentication: { kind: none | basic | apiKey | sigv4 } }",
);

const network = z.strictObject({
  vpcId: text,
  subnetIds: z.array(text).min(1),
  securityGroupIds: z.array(text).min(1),
  endpoints: z.enum(["create", "existing", "nat"]).exactOptional(),
  routeTableIds: z.array(text).exactOptional(),
  interfaceServices: z.array(text).exactOptional(),
  streamsUrl: z
    .string()
    .regex(/^https:\/\//, "must be https://host")
    .exactOptional(),
});

export const stackConfigSchema = z.strictObject({
  target,
  sources: z.record(name, database).exactOptional(),
  tables: z.record(name, table),
  network: network.exactOptional(),
  keyArn: text.exactOptional(),
  permissionsBoundary: text.exactOptional(),
  notifyEmails: z.array(z.email()).exactOptional(),
  logRetentionDays: whole.exactOptional(),
  maximumCutoverLagSeconds: whole.exactOptional(),
  protect: z.boolean().exactOptional(),
});

/** A stack's configuration, as `stacks/Pulumi.<stack>.yaml` holds it under `trueup:`. */
export type StackConfig = z.infer<typeof stackConfigSchema>;

/** The keys a stack file may set under `trueup:`. */
export const configKeys = Object.keys(stackConfigSchema.shape);

/**
 * Checks a stack's configuration before any resource is made.
 *
 * @throws SyncError `CONFIGURATION_INVALID` that lists every fault by its path
 */
export function parseStackConfig(raw: unknown): StackConfig {
  const parsed = stackConfigSchema.safeParse(raw);
  const faults = [
    ...toFaults(parsed.error?.issues ?? []),
    ...findFormFaults(raw, Object.keys(generationShape)),
  ];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw configurationInvalid(faults);
}
