import transform from "trueup:transform";
import { makeS3ExportFile } from "../adapters/s3-export-file.ts";
import { parseLoadEvent } from "./load-event.ts";
import { makeLoadFile } from "./load-file.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";

const { deps, s3 } = makeConsumerDeps(transform, process.env);
const loadFile = makeLoadFile({ ...deps, file: makeS3ExportFile(s3) });

/**
 * Step Functions' entry: loads one data file of an export.
 *
 * @returns `{ state: "done" }`, or `{ state: "more", resume }` when it is to be invoked again with `resume`
 */
export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }) {
  const deadline = deps.now() + context.getRemainingTimeInMillis();
  const answer = await loadFile(parseLoadEvent(event), deadline);
  return answer.state === "done" ? answer : { state: "more", resume: { nextLine: answer.nextLine } };
}
