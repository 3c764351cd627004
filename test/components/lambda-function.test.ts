/** What every function has. That its bundle runs is shown by `function-code.test.ts`; that Lambda takes it, by AWS. */
import { recordEnvironment } from "../support/record-environment.ts";

it("is a function, its role and what that may do, its log and its code", async () => {
  const recording = await recordEnvironment({}, {});
  const component = recording.find("shop-lifecycle", "LambdaFunction");
  const children = recording.resources.filter(({ parent }) => parent === component.urn);
  expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "aws-native:iam:Role shop-lifecycle-role",
    "aws-native:iam:RolePolicy shop-lifecycle-role-function",
    "aws-native:lambda:Function shop-lifecycle",
    "aws-native:logs:LogGroup shop-lifecycle-logs",
    "aws:s3/bucketObjectv2:BucketObjectv2 shop-lifecycle-code",
  ]);
});

it("runs one bundle of the state bucket, named by content, on Node 24", async () => {
  const recording = await recordEnvironment({}, {});
  const { inputs } = recording.find("shop-lifecycle", "Function");
  const key = "artifacts/sha-of-index-lifecycle+identity-shop-lifecycle.zip";
  expect(inputs).toEqual({
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    handler: "index.handler",
    role: "arn:aws:iam::111122223333:role/shop-lifecycle-role-1a2b3c4",
    code: { s3Bucket: "shop-state-1a2b3c4", s3Key: key },
    timeout: 120,
    memorySize: 512,
    loggingConfig: { logFormat: "JSON", logGroup: "shop-lifecycle-logs-1a2b3c4" },
    environment: { variables: { TRUEUP_SETTINGS: expect.any(String) } },
  });
  expect(recording.find("shop-lifecycle-code", "BucketObjectv2").inputs).toEqual({
    bucket: "shop-state-1a2b3c4",
    key,
    source: "/built/index-lifecycle+identity.zip",
    sourceHash: "sha-of-index-lifecycle+identity",
  });
});

it("may write its own log and no other, and not make one that would be kept for ever", async () => {
  const { inputs } = (await recordEnvironment({}, {})).find("shop-lifecycle-role-function", "RolePolicy");
  const [logs] = Object(inputs["policyDocument"]).Statement;
  expect(logs).toEqual({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: ["arn:aws:logs:eu-central-1:111122223333:log-group:shop-lifecycle-logs-1a2b3c4:*"],
  });
});

it("is made once its role may do all it is granted", async () => {
  const recording = await recordEnvironment({}, {});
  const before = recording.dependenciesOf(recording.find("shop-lifecycle", "Function"));
  expect(before).toContain(recording.find("shop-lifecycle-role-function", "RolePolicy").urn);
});

it("gets no name longer than AWS takes, for the longest table, revision and suffix", async () => {
  const generations = [{ mode: "custom", revision: 999_999 }] as const;
  const { resources } = await recordEnvironment({}, { "a-table-name-of-twenty-nine-l": { generations } });
  const RANDOM = "-1a2b3c4".length;
  /** By type, what AWS takes of a name; a FIFO queue's ends with `.fifo`. */
  const limits: Readonly<Record<string, number>> = {
    "aws-native:iam:Role": 64,
    "aws-native:lambda:Function": 64,
    "aws-native:scheduler:Schedule": 64,
    "aws-native:stepfunctions:StateMachine": 80,
    "aws-native:sqs:Queue": 80 - ".fifo".length,
  };
  const named = resources.filter(({ type }) => type in limits);
  expect(named.length).toBeGreaterThan(15);
  const tooLong = named.filter(({ type, name }) => name.length + RANDOM > (limits[type] ?? 0));
  expect(tooLong.map(({ name }) => name)).toEqual([]);
});
