import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { LoadedFile } from "./load-file.ts";

const schema = z.object({
  file: z.object({ bucket: z.string(), key: z.string(), columnsKey: z.string().exactOptional() }),
  exportArn: z.string().min(1),
  exportTime: z.iso.datetime({ offset: true }),
  resume: z.object({ nextLine: z.int().min(0) }).nullish(),
});

/**
 * Reads what the build workflow asks of the loader; see docs/internals.md, "Workflows".
 *
 * @throws SyncError `COMMAND_INVALID` (not retryable)
 */
export function parseLoadEvent(event: unknown): LoadedFile & { readonly exportArn: string } {
  const parsed = schema.safeParse(event);
  if (!parsed.success) {
    throw new SyncError("COMMAND_INVALID", "the loader was not told what to load", {
      subject: parsed.error.issues.map(({ path }) => path.join(".")).join(", "),
      fix: "start the build again with `pulumi up`",
      retryable: false,
    });
  }
  const { file, exportArn, exportTime, resume } = parsed.data;
  return { ...file, exportArn, exportTime, fromLine: resume?.nextLine ?? 0 };
}
