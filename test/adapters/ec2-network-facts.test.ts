import { EC2Client } from "@aws-sdk/client-ec2";
import { makeEc2NetworkFacts } from "../../adapters/ec2-network-facts.ts";
import { answerWith, documented, type WireAnswer } from "../support/wire-answers.ts";

const network = { vpcId: "vpc-1a2b3c4d", subnetIds: ["subnet-9d4a7b6c"], securityGroupIds: ["sg-9bf6ceff"] };
const read = (...answers: readonly WireAnswer[]) =>
  makeEc2NetworkFacts(new EC2Client(answerWith(...answers))).read(network);

/** EC2's errors have a form of their own. */
function ec2Error(code: string): WireAnswer {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`;
  return { status: 403, body };
}

describe("facts of a network", () => {
  it("are where things are, and the endpoints that are available", async () => {
    const facts = await read(
      documented("describe-subnets.xml"),
      documented("describe-security-groups.xml"),
      documented("describe-vpc-endpoints.xml"),
    );
    expect(facts).toEqual({
      subnets: {
        kind: "known",
        value: [
          { id: "subnet-9d4a7b6c", vpcId: "vpc-1a2b3c4d" },
          { id: "subnet-6e7f829e", vpcId: "vpc-1a2b3c4d" },
        ],
      },
      securityGroups: { kind: "known", value: [{ id: "sg-9bf6ceff", vpcId: "vpc-31896b55" }] },
      endpoints: {
        kind: "known",
        value: [
          { service: "s3", kind: "gateway" },
          { service: "dynamodb-streams", kind: "interface" },
        ],
      },
    });
  });

  it("name the permission that is denied", async () => {
    const denied = ec2Error("UnauthorizedOperation");
    const facts = await read(denied, denied, denied);
    expect(facts.subnets).toMatchObject({ kind: "unreadable", permission: "ec2:DescribeSubnets" });
    expect(facts.securityGroups).toMatchObject({ permission: "ec2:DescribeSecurityGroups" });
    expect(facts.endpoints).toMatchObject({ permission: "ec2:DescribeVpcEndpoints" });
  });
});
