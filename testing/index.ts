/** The test kit: `trueup/testing`. */
export { checkTransform, inspectTransform, renderBroken } from "./check-transform.ts";
export type { BrokenPromise, CheckOptions, PromiseName, TransformReport } from "./options.ts";
