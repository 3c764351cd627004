import * as z from "zod";
import { tableDescriptorSchema } from "../adapters/environment-schema.ts";
import { SyncError } from "../core/errors.ts";

const text = z.string().min(1);
const ofRun = { table: text, run: text };
const ofLoad = { table: tableDescriptorSchema, generation: text };
const ofExport = { ...ofLoad, exportArn: text, exportTime: text };

const file = z.object({ bucket: text, key: text, columnsKey: text.exactOptional() });

const input = z.object({
  table: tableDescriptorSchema,
  generation: text.exactOptional(),
  kind: z.enum(["auto", "full", "incremental"]),
  approved: text.exactOptional(),
  report: z.object({ answer: z.object({ rest: z.array(text) }) }).exactOptional(),
});

const schema = z.discriminatedUnion("step", [
  z.object({ step: z.literal("plan"), input, execution: text }),
  z.object({ step: z.literal("start-export"), ...ofRun }),
  z.object({ step: z.literal("observe-index"), ...ofRun }),
  z.object({ step: z.literal("list-shard"), ...ofRun, shard: z.int() }),
  z.object({ step: z.literal("check-export"), ...ofRun }),
  z.object({ step: z.literal("check-horizon"), ...ofRun }),
  z.object({ step: z.literal("list-files"), ...ofRun }),
  z.object({ step: z.literal("fingerprint"), ...ofRun, file }),
  z.object({ step: z.literal("gather"), ...ofRun }),
  z.object({ step: z.literal("fold"), ...ofRun }),
  z.object({
    step: z.literal("compare"),
    ...ofRun,
    bucket: z.int(),
    pass: z.union([z.literal(1), z.literal(2)]),
  }),
  z.object({ step: z.literal("check-counts"), ...ofRun }),
  z.object({ step: z.literal("judge"), ...ofRun }),
  z.object({ step: z.literal("repair"), ...ofRun }),
  z.object({ step: z.literal("recheck"), ...ofRun }),
  z.object({ step: z.literal("maintain"), ...ofRun }),
  z.object({ step: z.literal("report"), ...ofRun }),
  z.object({ step: z.literal("audit-failed"), table: text, execution: text, cause: z.string() }),
  z.object({ step: z.literal("start-load-export"), ...ofLoad, execution: text }),
  z.object({ step: z.literal("check-load-export"), ...ofExport }),
  z.object({ step: z.literal("list-load-files"), ...ofExport }),
  z.object({ step: z.literal("check-managed-load"), ...ofLoad }),
  z.object({ step: z.literal("check-incremental-load"), ...ofLoad }),
]);

/** One step of the audit or of a build, as the workflows ask for it; see docs/internals.md, "Workflows". */
export type StepEvent = z.infer<typeof schema>;

/** The event of one step, by its name. */
export type StepOf<Name extends StepEvent["step"]> = Extract<StepEvent, { readonly step: Name }>;

/** @throws SyncError `COMMAND_INVALID` naming every fault by its path (not retryable) */
export function parseStepEvent(event: unknown): StepEvent {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new SyncError("COMMAND_INVALID", "the drift-audit function does not know that step", {
    subject: faults.join("; "),
    fix: "deploy workflow and function from one release",
    retryable: false,
  });
}
