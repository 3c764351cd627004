import * as z from "zod";
import { tableDescriptorSchema } from "../adapters/environment-schema.ts";
import { connectionSchema } from "../adapters/source-schema.ts";
import { SyncError } from "../core/errors.ts";
import type { LifecycleCommand } from "../core/lifecycle-command.ts";

const table = tableDescriptorSchema;
const generation = z.string();

const commandSchema: z.ZodType<LifecycleCommand> = z.discriminatedUnion("command", [
  z.object({ command: z.enum(["status", "retire", "rollback", "watch-table"]), table }),
  z.object({
    command: z.literal("cutover"),
    table,
    generation: generation.exactOptional(),
    automatic: z.boolean().exactOptional(),
    attempt: z.number().exactOptional(),
  }),
  z.object({ command: z.literal("load-resume"), table, generation }),
  z.object({
    command: z.literal("load-started"),
    table,
    generation,
    exportArn: z.string(),
    exportTime: z.iso.datetime({ offset: true }),
    files: z.number().exactOptional(),
  }),
  z.object({
    command: z.literal("load-finished"),
    table,
    generation,
    documents: z.number().exactOptional(),
  }),
  z.object({ command: z.enum(["load-failed", "gap"]), table, generation, cause: z.string() }),
  z.object({
    command: z.literal("watch-source"),
    source: z.object({
      source: z.string(),
      roleArn: z.string(),
      connection: connectionSchema,
      slotName: z.string(),
    }),
  }),
]);

/**
 * Reads a direct invocation.
 *
 * @throws SyncError `COMMAND_INVALID` with every fault by path (not retryable)
 */
export function parseCommand(event: unknown): LifecycleCommand {
  const parsed = commandSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new SyncError("COMMAND_INVALID", "index-lifecycle was invoked with something it does not know", {
    subject: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
    fix: "use a command line and a stack of the same version",
    retryable: false,
  });
}
