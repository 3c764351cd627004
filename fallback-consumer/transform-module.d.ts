/** The user's transform, or the identity: resolved when a function's bundle is built. */
declare module "trueup:transform" {
  // An import declaration in here would not be resolved, and everything would be `any` in silence.
  const transform: import("../core/transform.ts").Transform;
  export default transform;
}
