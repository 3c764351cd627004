import type { TransformServices } from "../../core/transform.ts";

/** Services of a transform that reach nobody and say nothing. */
export const quietServices: TransformServices = {
  fetch: () => Promise.reject(new Error("nobody is reached here")),
  lookup: () => Promise.reject(new Error("nothing is looked up here")),
  log: { info: () => undefined, warn: () => undefined },
  secrets: {},
  configuration: {},
};
