/** The hook itself runs inside Pulumi's engine, which no mock has: only its judgement is tested. */
import { isRoleSpreading } from "../../components/retry-while-role-spreads.ts";

/** As services wrote them, found in issues and code of others. */
const SPREADING = [
  'operation CREATE failed with "InvalidRequest": The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)',
  "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
  "The function execution role does not have permissions to call ReceiveMessage on SQS",
  "Cannot access stream arn:aws:dynamodb:eu-central-1:1:table/t/stream/s. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.",
  "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
  "'arn:aws:iam::1:role/x' is not authorized to create managed-rule.",
  "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
  "User: arn:aws:sts::1:assumed-role/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/y",
];

it.each(SPREADING)("tries again after %j", (error) => {
  expect(isRoleSpreading([error])).toBe(true);
});

it.each([
  "failed to create custom resource: GENERATION_SERVING: searches use it. Fix: cut over first.",
  "User: arn:aws:iam::1:user/a is not authorized to perform: lambda:CreateFunction on resource: b",
  "Resource handler returned message: 'Resource of type AWS::Lambda::Function already exists.'",
  "",
])("gives up at once after %j", (error) => {
  expect(isRoleSpreading([error])).toBe(false);
});

it("looks at the newest error only, and gives up after six", () => {
  const [spreading = ""] = SPREADING;
  expect(isRoleSpreading(["another", spreading])).toBe(false);
  expect(isRoleSpreading(Array.from({ length: 5 }, () => spreading))).toBe(true);
  expect(isRoleSpreading(Array.from({ length: 6 }, () => spreading))).toBe(false);
  expect(isRoleSpreading([])).toBe(false);
});
