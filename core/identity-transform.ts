import type { Transform } from "./transform.ts";

/** Every record is its own document: what a generation uses that declares no transform. */
const identityTransform: Transform = { kind: "identity" };

export default identityTransform;
