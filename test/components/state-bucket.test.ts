/** The state bucket. That S3 enforces and expires as told is S3's; the emulator keeps everything. */
import { stateLayout } from "../../core/state-layout.ts";
import { recordEnvironment } from "../support/record-environment.ts";

const record = (args = {}) => recordEnvironment(args, {});
const inputsOf = async (name: string, type: string, args = {}) =>
  (await record(args)).find(name, type).inputs;

it("is one bucket with versions, encryption, no public access, a policy and a lifecycle", async () => {
  const recording = await record();
  const component = recording.find("shop-state", "StateBucket");
  const children = recording.resources.filter(({ parent }) => parent === component.urn);
  expect(children.map(({ name }) => name).sort()).toEqual([
    "shop-state",
    "shop-state-encryption",
    "shop-state-lifecycle",
    "shop-state-policy",
    "shop-state-public-access",
    "shop-state-versioning",
  ]);
});

it("keeps what it holds where the environment is protected, and goes with it where not", async () => {
  const read = async (args: object) => {
    const { inputs, protect, retainOnDelete } = (await record(args)).find("shop-state", "Bucket");
    return { forceDestroy: inputs["forceDestroy"], protect, retainOnDelete };
  };
  expect(await read({})).toEqual({ forceDestroy: false, protect: true, retainOnDelete: true });
  expect(await read({ protect: false })).toEqual({
    forceDestroy: true,
    protect: false,
    retainOnDelete: false,
  });
});

it("is closed to the public and to plain HTTP", async () => {
  expect(await inputsOf("shop-state-public-access", "BucketPublicAccessBlock")).toEqual({
    bucket: "shop-state-1a2b3c4",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  const { policy } = await inputsOf("shop-state-policy", "BucketPolicy");
  expect(JSON.parse(String(policy)).Statement).toEqual([
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::shop-state-1a2b3c4", "arn:aws:s3:::shop-state-1a2b3c4/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

it.each([
  [{}, { sseAlgorithm: "AES256" }],
  [
    { keyArn: "arn:aws:kms:eu-central-1:1:key/a" },
    { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:eu-central-1:1:key/a" },
  ],
])("encrypts by default, given %j", async (args, applyServerSideEncryptionByDefault) => {
  const name = "BucketServerSideEncryptionConfiguration";
  expect((await inputsOf("shop-state-encryption", name, args))["rules"]).toEqual([
    { applyServerSideEncryptionByDefault, bucketKeyEnabled: true },
  ]);
});

it("expires what can be made again, old versions and the marks deletes leave, and never manifests or control", async () => {
  const { rules } = await inputsOf("shop-state-lifecycle", "BucketLifecycleConfiguration");
  const told = [rules].flat().map((rule) => [Object(rule).id, Object(rule).filter, Object(rule).expiration]);
  expect(told).toEqual([
    ["responses", { prefix: stateLayout.lifecycleResponses }, { days: 1 }],
    ["exports", { prefix: "exports/" }, { days: 7 }],
    ["audits", { prefix: "audits/" }, { days: 400 }],
    ["old-versions", { prefix: "" }, { expiredObjectDeleteMarker: true }],
  ]);
  expect([rules].flat().at(-1)).toMatchObject({
    noncurrentVersionExpiration: { noncurrentDays: 30 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  });
});
