/** The user's transform, or the identity: resolved when a function's bundle is built. */
declare module "trueup:transform" {
  import type { Transform } from "../core/transform.ts";

  const transform: Transform;
  export default transform;
}
