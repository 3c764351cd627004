import { z } from "zod";
import { SyncError } from "../components/index.ts";

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

const NOT_YET = "is not available in this version; use a DynamoDB source in custom mode";
const source = z.union(
  [z.strictObject({ dynamodb: text }), z.strictObject({ create: createTable })],
  `must be { dynamodb: <table name> } or { create: { partitionKey, sortKey } }; an SQL source ${NOT_YET}`,
);
const mode = z.literal("custom", `must be "custom"; managed mode ${NOT_YET}`);

const TWO_AT_MOST =
  "lists more than two generations, and a DynamoDB shard bears two readers; remove one that does not serve, deploy, then add the new one";
const generationShape = {
  mode: mode.exactOptional(),
  revision: whole.exactOptional(),
  mapping: text.exactOptional(),
  transform: text.exactOptional(),
  settings: z.record(z.string(), z.unknown()).exactOptional(),
  allowTransformChange: z.boolean().exactOptional(),
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

const table = z
  .strictObject({
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
    maximumLoaders: whole.exactOptional(),
    manifestBuckets: whole.exactOptional(),
  })
  .superRefine(refuseBothForms);

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
    z.strictObject({
      url: z.string().regex(/^https?:\/\/[^/]+$/, "must be http(s)://host[:port]"),
      authentication: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.literal("basic"), secretArn: text }),
      ]),
      certificateAuthority: text.exactOptional(),
    }),
  ],
  "must be { domain }, { existingDomain: { arn, endpoint } } or { url, authentication: { kind: none | basic } }",
);

const network = z.strictObject({
  vpcId: text,
  subnetIds: z.array(text).min(1),
  securityGroupIds: z.array(text).min(1),
  endpoints: z.enum(["create", "existing", "nat"]).exactOptional(),
  routeTableIds: z.array(text).exactOptional(),
  interfaceServices: z.array(text).exactOptional(),
});

const schema = z.strictObject({
  target,
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
export type StackConfig = z.infer<typeof schema>;

/** The keys a stack file may set under `trueup:`. */
export const configKeys = Object.keys(schema.shape);

/**
 * Checks a stack's configuration before any resource is made.
 *
 * @throws SyncError `CONFIGURATION_INVALID` that lists every fault by its path
 */
export function parseStackConfig(raw: unknown): StackConfig {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  trueup:${toPath(path)}: ${message}`);
  throw new SyncError("CONFIGURATION_INVALID", `${faults.length} fault(s) in the stack's configuration`, {
    subject: `\n${faults.join("\n")}\n`,
    fix: "correct the lines above in the stack's file, see docs/reference/configuration.md",
    retryable: false,
  });
}

function refuseBothForms(declared: Record<string, unknown>, context: z.RefinementCtx): void {
  const single = Object.keys(generationShape).filter((key) => declared[key] !== undefined);
  const listed = declared["generations"] !== undefined;
  if (listed && single.length > 0) {
    const message = `is one generation's shorthand; move ${single.join(", ")} into "generations"`;
    context.addIssue({ code: "custom", path: [single[0] ?? "mode"], message });
  }
  if (!listed && declared["mode"] === undefined) {
    context.addIssue({
      code: "custom",
      path: ["mode"],
      message: 'is required: mode: custom, or "generations"',
    });
  }
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .slice(1);
}
