import { findCloudFormationType } from "../../../local/synth/cloudformation-schema.ts";

const typeOf = (pulumiType: string) => {
  const found = findCloudFormationType(pulumiType);
  if (found === undefined) throw new Error(`${pulumiType} is not there`);
  return found;
};

describe("findCloudFormationType", () => {
  it.each([
    ["aws-native:lambda:Function", "AWS::Lambda::Function", "functionName"],
    ["aws-native:stepfunctions:StateMachine", "AWS::StepFunctions::StateMachine", "arn"],
    ["aws-native:osis:Pipeline", "AWS::OSIS::Pipeline", "pipelineArn"],
    ["aws-native:ec2:VpcEndpoint", "AWS::EC2::VPCEndpoint", "id"],
  ])("finds the type of %s whatever its capitals", (pulumiType, name, reference) => {
    expect(typeOf(pulumiType)).toMatchObject({ name, reference });
  });

  it("knows no type that CloudFormation does not have", () => {
    expect(findCloudFormationType("aws-native:nothing:Here")).toBeUndefined();
  });

  it("gives properties CloudFormation's capitals all the way down", () => {
    const properties = typeOf("aws-native:dynamodb:Table").toProperties({
      sseSpecification: { sseEnabled: true, kmsMasterKeyId: "key" },
      keySchema: [{ attributeName: "id", keyType: "HASH" }],
    });
    expect(properties).toEqual({
      SSESpecification: { SSEEnabled: true, KMSMasterKeyId: "key" },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    });
  });

  it("writes an ingestion pipeline as CloudFormation has it", () => {
    const properties = typeOf("aws-native:osis:Pipeline").toProperties({
      pipelineName: "orders",
      minUnits: 1,
      pipelineConfigurationBody: 'version: "2"',
      logPublishingOptions: { isLoggingEnabled: true, cloudWatchLogDestination: { logGroup: "group" } },
      vpcOptions: { subnetIds: ["a"], vpcAttachmentOptions: { attachToVpc: true, cidrBlock: "10.0.0.0/24" } },
      encryptionAtRestOptions: { kmsKeyArn: "key" },
    });
    expect(properties).toEqual({
      PipelineName: "orders",
      MinUnits: 1,
      PipelineConfigurationBody: 'version: "2"',
      LogPublishingOptions: { IsLoggingEnabled: true, CloudWatchLogDestination: { LogGroup: "group" } },
      VpcOptions: { SubnetIds: ["a"], VpcAttachmentOptions: { AttachToVpc: true, CidrBlock: "10.0.0.0/24" } },
      EncryptionAtRestOptions: { KmsKeyArn: "key" },
    });
  });

  it("leaves names of maps and free-form JSON alone", () => {
    const lambda = typeOf("aws-native:lambda:Function").toProperties({
      environment: { variables: { myVariable: "x" } },
      tags: [{ key: "team", value: "search" }],
    });
    expect(lambda).toEqual({
      Environment: { Variables: { myVariable: "x" } },
      Tags: [{ Key: "team", Value: "search" }],
    });
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow" }] };
    expect(typeOf("aws-native:iam:RolePolicy").toProperties({ policyDocument: policy })).toEqual({
      PolicyDocument: policy,
    });
  });
});
