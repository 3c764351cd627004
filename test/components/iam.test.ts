/** Roles and policies as text. No policy is evaluated here; what the roles of a stack may do is in `test/stacks/permissions.test.ts`. */
import { listingUnder, makeServiceRole, objectsUnder, toPolicyDocument } from "../../components/iam.ts";
import { recordResources } from "../support/record-resources.ts";
import { recordStack } from "../support/stack-files.ts";

it("trusts one service, and may do nothing where nothing is granted", async () => {
  const recording = await recordResources(() =>
    makeServiceRole("mine", { service: "lambda.amazonaws.com", grants: {} }, {}),
  );
  expect(recording.find("mine", "Role").inputs).toEqual({
    assumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    },
  });
});

it("lists a bucket under prefixes only", () => {
  expect(toPolicyDocument([listingUnder("arn:aws:s3:::b", "control/", "manifest/")])).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:aws:s3:::b"],
        Condition: { StringLike: { "s3:prefix": ["control/*", "manifest/*"] } },
      },
    ],
  });
});

it("names a bucket's objects, not the bucket", async () => {
  const resources = [objectsUnder("arn:aws:s3:::b", "audits/orders/")];
  const grants = { reports: [{ actions: ["s3:GetObject"], resources }] };
  const recording = await recordResources(() => makeServiceRole("mine", { service: "x", grants }, {}));
  expect(recording.find("mine-reports", "RolePolicy").inputs).toMatchObject({
    roleName: "mine-1a2b3c4",
    policyName: "reports",
    policyDocument: { Statement: [{ Resource: ["arn:aws:s3:::b/audits/orders/*"] }] },
  });
});

// Cloud Control takes a change of a role's list of policies for the whole of it: what tables added was taken away.
it("lists no policy inside a role, because others have theirs there as well", async () => {
  const roles = (await recordStack("prod")).all("Role");
  expect(roles.length).toBeGreaterThan(5);
  expect(roles.filter(({ inputs }) => "policies" in inputs)).toEqual([]);
});
