import type { Json, JsonObject } from "./json.ts";

/** A resource as the program declares it, in CloudFormation's words; what is not known yet stands as tokens. */
export interface DeclaredResource {
  /** CloudFormation's name for it in a template. */
  readonly logicalId: string;
  /** A CloudFormation type, `Custom::…`, or {@link OBJECT_TYPE}. */
  readonly type: string;
  readonly properties: JsonObject;
  /** Logical ids that must be there before it, and be deleted after it. */
  readonly dependsOn: readonly string[];
  /** Refuses to be deleted. */
  readonly protect: boolean;
  /** Stays behind when the program no longer declares it. */
  readonly retain: boolean;
}

/** A file to be put into a bucket, `{ Bucket, Key, File }`. CloudFormation has no such resource. */
export const OBJECT_TYPE = "Trueup::Object";

/** All that a program declares. */
export interface DeclaredProgram {
  readonly resources: readonly DeclaredResource[];
  /** What the stack exports as `environment`, with tokens. */
  readonly environment: Json;
  /** What could not be looked up and was assumed instead, in words. */
  readonly assumptions: readonly string[];
}
