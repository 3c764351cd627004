import * as z from "zod";
import { type Emulator, requireOutput } from "./emulator.ts";

const backupsSchema = z.object({
  ContinuousBackupsDescription: z.object({
    PointInTimeRecoveryDescription: z.object({ PointInTimeRecoveryStatus: z.string() }),
  }),
});

/**
 * Whether a table's point-in-time recovery is on.
 *
 * @throws SyncError `ENGINE_FAILED` naming the subject, when the emulator does not answer (retryable)
 */
export async function keepsPast(emulator: Emulator, TableName: string, subject: string): Promise<boolean> {
  const action = "DynamoDB_20120810.DescribeContinuousBackups";
  const answer = await emulator.call("dynamodb", action, { TableName });
  const { ContinuousBackupsDescription: backups } = requireOutput(answer, backupsSchema, subject);
  return backups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus === "ENABLED";
}
