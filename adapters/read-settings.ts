import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";
import {
  type AuditSettings,
  type ConsumerSettings,
  type LifecycleSettings,
  SETTINGS_VARIABLE,
} from "../core/settings.ts";
import { consumedSourceSchema } from "./source-schema.ts";

const text = z.string().min(1);
const target = z.object({
  endpoint: z.string().regex(/^https?:\/\/.*[^/]$/, "must be a URL without a trailing slash"),
  authentication: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("basic"), secretArn: text }),
    z.object({ kind: z.literal("apiKey"), secretArn: text }),
    z.object({ kind: z.literal("sigv4"), region: text, service: z.enum(["es", "aoss"]) }),
  ]),
  certificateAuthority: text.exactOptional(),
});
const shared = { environment: text, stateBucket: text, target };
const consumerSchema = z.object({
  ...shared,
  table: text,
  generation: text,
  mode: z.enum(["custom", "managed"]),
  touches: z.boolean(),
  indexUuid: text,
  writeAlias: text,
  transformHash: text,
  deadLetterQueueUrl: text,
  reindexQueueUrl: text,
  transformConfiguration: z.record(z.string(), z.unknown()),
  transformSecrets: z.record(z.string(), text),
  source: consumedSourceSchema,
  manifestBuckets: z.int().min(1).exactOptional(),
});
const auditSchema = z.object({ ...shared, topicArn: text });
const lifecycleSchema = z.object({ ...auditSchema.shape, maximumCutoverLagSeconds: z.number().min(0) });

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads what a consumer function is told by its deployment.
 *
 * @throws SyncError `SETTINGS_INVALID` naming every fault by its path (not retryable)
 */
export function readConsumerSettings(environment: Environment): ConsumerSettings {
  return readSettings(environment, consumerSchema);
}

/** Reads what the drift-audit function is told by its deployment. @throws SyncError `SETTINGS_INVALID` */
export function readAuditSettings(environment: Environment): AuditSettings {
  return readSettings(environment, auditSchema);
}

/** Reads what the index-lifecycle function is told by its deployment. @throws SyncError `SETTINGS_INVALID` */
export function readLifecycleSettings(environment: Environment): LifecycleSettings {
  return readSettings(environment, lifecycleSchema);
}

function readSettings<Settings>(environment: Environment, schema: z.ZodType<Settings>): Settings {
  const parsed = schema.safeParse(parseJson(environment[SETTINGS_VARIABLE] ?? "null"));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join(".") || "settings"}: ${message}`,
  );
  throw new SyncError("SETTINGS_INVALID", "the function's settings are incomplete or of another release", {
    subject: `${SETTINGS_VARIABLE}: ${faults.join("; ")}`,
    fix: "deploy the stack again",
    retryable: false,
  });
}
