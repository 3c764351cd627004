import { SyncError } from "../../core/errors.ts";
import { type DeclaredResource, OBJECT_TYPE } from "./declared-resource.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";
import { splitTokens, writeToken } from "./tokens.ts";

/** A resource of `@pulumi/aws` as it was registered. */
export type ClassicResource = Omit<DeclaredResource, "properties"> & { readonly inputs: JsonObject };

const BUCKET = "aws:s3/bucket:Bucket";

/** Whether a type is of `@pulumi/aws`, whose resources are turned by hand. */
export function isClassic(type: string): boolean {
  return type.startsWith("aws:");
}

/** What the program sees of a `@pulumi/aws` resource: its inputs and what CloudFormation tells later. */
export function classicOutputs(type: string, logicalId: string, inputs: JsonObject): JsonObject {
  if (type !== BUCKET) return inputs;
  return {
    ...inputs,
    bucket: inputs["bucket"] ?? writeToken({ of: logicalId }),
    arn: writeToken({ of: logicalId, attribute: "Arn" }),
  };
}

/**
 * Turns the `@pulumi/aws` resources that components use into CloudFormation's: a bucket takes its satellites in,
 * a policy stays a resource, an object is a file for the deployer.
 *
 * @throws SyncError `SYNTH_UNSUPPORTED` for any other type
 */
export function convertClassic(resources: readonly ClassicResource[]): readonly DeclaredResource[] {
  const satellites = Map.groupBy(
    resources.filter(({ type }) => type in SATELLITES),
    ({ inputs }) => ownerOf(inputs),
  );
  return resources
    .filter(({ type }) => !(type in SATELLITES))
    .map((resource) => convertOne(resource, satellites.get(resource.logicalId) ?? []));
}

function convertOne(
  { inputs, ...resource }: ClassicResource,
  satellites: readonly ClassicResource[],
): DeclaredResource {
  switch (resource.type) {
    case BUCKET:
      return { ...resource, type: "AWS::S3::Bucket", properties: toBucket(inputs, satellites) };
    case "aws:s3/bucketPolicy:BucketPolicy":
      return { ...resource, type: "AWS::S3::BucketPolicy", properties: toPolicy(inputs) };
    case "aws:s3/bucketObjectv2:BucketObjectv2":
      return { ...resource, type: OBJECT_TYPE, properties: toObject(inputs) };
  }
  throw new SyncError("SYNTH_UNSUPPORTED", "a type of @pulumi/aws has no written counterpart here", {
    subject: `${resource.type} ${resource.logicalId}`,
    fix: "add it to local/synth/aws-classic.ts, or declare it with @pulumi/aws-native",
    retryable: false,
  });
}

function toBucket(inputs: JsonObject, satellites: readonly ClassicResource[]): JsonObject {
  const name = inputs["bucket"];
  const parts = satellites.map(({ type, inputs: satellite }) => SATELLITES[type]?.(satellite) ?? {});
  return Object.assign({}, name === undefined ? {} : { BucketName: name }, ...parts);
}

function toPolicy({ bucket = "", policy = "" }: JsonObject): JsonObject {
  const PolicyDocument: Json = typeof policy === "string" ? JSON.parse(policy) : policy;
  return { Bucket: bucket, PolicyDocument };
}

function toObject({ bucket = "", key = "", source, sourceHash = "" }: JsonObject): JsonObject {
  return {
    Bucket: bucket,
    Key: key,
    File: (isObject(source) ? source["path"] : source) ?? "",
    Hash: sourceHash,
  };
}

/** The logical id of the bucket a satellite names. */
function ownerOf({ bucket = "" }: JsonObject): string {
  const [part] = splitTokens(String(bucket));
  return typeof part === "object" ? part.of : String(bucket);
}

/** Resources of `@pulumi/aws` that are properties of CloudFormation's bucket. */
const SATELLITES: Readonly<Record<string, (inputs: JsonObject) => JsonObject>> = {
  "aws:s3/bucketVersioning:BucketVersioning": ({ versioningConfiguration }) => ({
    VersioningConfiguration: { Status: member(versioningConfiguration, "status") },
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ({ bucket: _, ...settings }) => ({
    PublicAccessBlockConfiguration: capitalize(settings),
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ({ rules }) => ({
    BucketEncryption: { ServerSideEncryptionConfiguration: list(rules).map(toEncryptionRule) },
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ({ rules }) => ({
    LifecycleConfiguration: { Rules: list(rules).map(toLifecycleRule) },
  }),
};

function toEncryptionRule(rule: Json): Json {
  const { sseAlgorithm = "", kmsMasterKeyId } = members(member(rule, "applyServerSideEncryptionByDefault"));
  return {
    BucketKeyEnabled: member(rule, "bucketKeyEnabled"),
    ServerSideEncryptionByDefault: {
      SSEAlgorithm: sseAlgorithm,
      ...(kmsMasterKeyId === undefined ? {} : { KMSMasterKeyID: kmsMasterKeyId }),
    },
  };
}

function toLifecycleRule(rule: Json): Json {
  const { id = "", status = "", filter, expiration, ...rest } = members(rule);
  const prefix = member(filter, "prefix");
  const { noncurrentVersionExpiration: noncurrent, abortIncompleteMultipartUpload: abort } = rest;
  return {
    Id: id,
    Status: status,
    ...(prefix === "" || prefix === null ? {} : { Prefix: prefix }),
    ...toExpiration(members(expiration)),
    ...(noncurrent === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: member(noncurrent, "noncurrentDays") } }),
    ...(abort === undefined
      ? {}
      : {
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: member(abort, "daysAfterInitiation") },
        }),
  };
}

function toExpiration({ days, expiredObjectDeleteMarker: marker }: JsonObject): JsonObject {
  return {
    ...(days === undefined ? {} : { ExpirationInDays: days }),
    ...(marker === undefined ? {} : { ExpiredObjectDeleteMarker: marker }),
  };
}

function capitalize(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.charAt(0).toUpperCase() + name.slice(1), inner]),
  );
}

function members(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function member(value: Json | undefined, name: string): Json {
  return members(value)[name] ?? null;
}

function list(value: Json | undefined): readonly Json[] {
  return value !== undefined && isArray(value) ? value : [];
}
