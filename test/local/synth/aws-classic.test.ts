import {
  type ClassicResource,
  classicOutputs,
  convertClassic,
  isClassic,
} from "../../../local/synth/aws-classic.ts";
import type { JsonObject } from "../../../local/synth/json.ts";

function register(type: string, inputs: JsonObject, logicalId = "State"): ClassicResource {
  return { logicalId, type: `aws:s3/${type}`, inputs, dependsOn: [], protect: false, retain: false };
}

const bucket = register("bucket:Bucket", { forceDestroy: true });
const name = "⟨State⟩";
const lifecycle = (rule: JsonObject) =>
  register("bucketLifecycleConfiguration:BucketLifecycleConfiguration", { bucket: name, rules: [rule] }, "L");

/** What the one bucket among these resources is made with. */
function propertiesOf(...satellites: readonly ClassicResource[]): unknown {
  return convertClassic([...satellites, bucket])[0]?.properties;
}

it("knows the resources of @pulumi/aws from all others", () => {
  expect(isClassic("aws:s3/bucket:Bucket")).toBe(true);
  expect(isClassic("aws-native:s3:Bucket")).toBe(false);
});

it("tells the program of a bucket what only exists later, and of anything else what it was given", () => {
  expect(classicOutputs("aws:s3/bucket:Bucket", "State", { forceDestroy: true })).toEqual({
    forceDestroy: true,
    bucket: "⟨State⟩",
    arn: "⟨State.Arn⟩",
  });
  expect(classicOutputs("aws:s3/bucket:Bucket", "State", { bucket: "mine" })).toMatchObject({
    bucket: "mine",
  });
  expect(classicOutputs("aws:s3/bucketPolicy:BucketPolicy", "P", { bucket: "b" })).toEqual({ bucket: "b" });
});

describe("a bucket", () => {
  it("takes its satellites in as properties, and they are no resources any more", () => {
    const rules = [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true },
    ];
    const satellites = [
      register("bucketVersioning:BucketVersioning", {
        bucket: name,
        versioningConfiguration: { status: "Enabled" },
      }),
      register("bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: name, blockPublicAcls: true }),
      register(
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        { bucket: name, rules },
        "E",
      ),
    ];
    expect(convertClassic([...satellites, bucket])).toHaveLength(1);
    expect(propertiesOf(...satellites)).toEqual({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
        ],
      },
    });
  });

  it("takes no other bucket's satellites", () => {
    const other = register("bucket:Bucket", {}, "Other");
    const versioning = register("bucketVersioning:BucketVersioning", { bucket: "⟨Other⟩" }, "V");
    const [, second] = convertClassic([bucket, other, versioning]);
    expect(propertiesOf(versioning)).toEqual({});
    expect(second?.properties).toHaveProperty("VersioningConfiguration");
  });

  it("keeps its name, its place among the others and its protection", () => {
    const named = { ...register("bucket:Bucket", { bucket: "mine" }), protect: true, dependsOn: ["Key"] };
    expect(convertClassic([named])).toEqual([
      {
        logicalId: "State",
        type: "AWS::S3::Bucket",
        properties: { BucketName: "mine" },
        dependsOn: ["Key"],
        protect: true,
        retain: false,
      },
    ]);
  });

  it("encrypts with the key it is given", () => {
    const rule = { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key" } };
    const type =
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration" as const satisfies string;
    expect(JSON.stringify(propertiesOf(register(type, { bucket: name, rules: [rule] }, "E")))).toContain(
      '{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"key"}',
    );
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      "what lies under a prefix",
      { filter: { prefix: "exports/" }, expiration: { days: 7 } },
      { Prefix: "exports/", ExpirationInDays: 7 },
    ],
    [
      "old versions, delete markers and uploads that were given up, everywhere",
      {
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        expiration: { expiredObjectDeleteMarker: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      {
        ExpiredObjectDeleteMarker: true,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ],
  ])("lets %s expire", (_, rule, expected) => {
    expect(propertiesOf(lifecycle({ id: "a", status: "Enabled", ...rule }))).toEqual({
      LifecycleConfiguration: { Rules: [{ Id: "a", Status: "Enabled", ...expected }] },
    });
  });
});

it.each<[string, JsonObject["policy"]]>([
  ["as text", '{"Statement":[]}'],
  ["as structure", { Statement: [] }],
])("keeps a policy a resource, given %s", (_, policy = "") => {
  expect(convertClassic([register("bucketPolicy:BucketPolicy", { bucket: name, policy })])).toMatchObject([
    { type: "AWS::S3::BucketPolicy", properties: { Bucket: name, PolicyDocument: { Statement: [] } } },
  ]);
});

it.each<[string, JsonObject["source"]]>([
  ["a path", "/built/a.zip"],
  ["an asset", { path: "/built/a.zip" }],
])("makes an object a file for the deployer, its source given as %s", (_, source = "") => {
  const object = register("bucketObjectv2:BucketObjectv2", {
    bucket: name,
    key: "k",
    source,
    sourceHash: "h",
  });
  expect(convertClassic([object])).toMatchObject([
    { type: "Trueup::Object", properties: { Bucket: name, Key: "k", File: "/built/a.zip", Hash: "h" } },
  ]);
});

it("refuses a type it has no counterpart for, and names it", () => {
  expect(() => convertClassic([register("inventory:Inventory", {}, "List")])).toThrow(
    /^SYNTH_UNSUPPORTED: .*aws:s3\/inventory:Inventory List/,
  );
});
