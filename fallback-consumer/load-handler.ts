import { makeParquetExportFile } from "../adapters/parquet-export-file.ts";
import { makeS3ByteRanges } from "../adapters/s3-byte-ranges.ts";
import { makeS3ControlStore } from "../adapters/s3-control-store.ts";
import { makeS3ExportFile } from "../adapters/s3-export-file.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeExportFileByFormat } from "../core/export-file-by-format.ts";
import { requireOpenLoad } from "../core/open-load.ts";
import { makeExportLineScanner } from "../core/scan-export-line.ts";
import type { Transform } from "../core/transform.ts";
import { parseLoadEvent } from "./load-event.ts";
import { makeLoadFile } from "./load-file.ts";
import type { makeConsumerDeps } from "./make-consumer-deps.ts";

/**
 * Makes Step Functions' handler that loads one data file of an export, whatever its source.
 *
 * The handler returns `{ state: "done" }`, or `{ state: "more", resume }` when it is to be invoked again with `resume`.
 *
 * Where the table was emptied as a whole since the stream was anchored, nothing is loaded: whatever is in the table was
 * inserted afterwards, and the stream tells of it.
 */
export function makeLoadHandler(
  transform: Transform,
  { deps, settings, s3 }: Pick<ReturnType<typeof makeConsumerDeps>, "deps" | "settings" | "s3">,
) {
  const control = makeS3ControlStore(makeS3ObjectStore(s3, settings.stateBucket));
  const scan = transform.kind === "identity" ? { scan: makeExportLineScanner(deps.generation.key) } : {};
  const parquet = makeParquetExportFile(makeS3ByteRanges(s3), (bucket, key) =>
    makeS3ObjectStore(s3, bucket).readText(key),
  );
  const file = makeExportFileByFormat(makeS3ExportFile(s3), parquet);
  const loadFile = makeLoadFile({ ...deps, ...scan, file });
  return async (event: unknown, context: { getRemainingTimeInMillis(): number }) => {
    const deadline = deps.now() + context.getRemainingTimeInMillis();
    const { exportArn, ...asked } = parseLoadEvent(event);
    const known = await control.read(settings.table);
    requireOpenLoad(known, settings.generation, exportArn);
    if (known.generations[settings.generation]?.truncation !== undefined) return { state: "done" };
    const answer = await loadFile(asked, deadline);
    return answer.state === "done" ? answer : { state: "more", resume: { nextLine: answer.nextLine } };
  };
}
