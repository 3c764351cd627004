import { type DeclaredResource, OBJECT_TYPE } from "../../../local/synth/declared-resource.ts";
import { toTemplate } from "../../../local/synth/to-template.ts";

function declare(resource: Partial<DeclaredResource>): DeclaredResource {
  return {
    logicalId: "Queue",
    type: "AWS::SQS::Queue",
    properties: {},
    dependsOn: [],
    protect: false,
    retain: false,
    ...resource,
  };
}

const templateOf = (...resources: DeclaredResource[]) =>
  toTemplate({ resources, environment: { url: "⟨Queue⟩" }, assumptions: ["a table has a key"] });

describe("toTemplate", () => {
  it("turns a token alone into Ref or Fn::GetAtt, and one inside a text into Fn::Sub", () => {
    const properties = { Name: "⟨Queue⟩", Arn: "⟨Queue.Arn⟩", Policy: "on ⟨Queue.Arn⟩ in ⟨AWS::Region⟩" };
    expect(templateOf(declare({ logicalId: "Role", type: "A::B::C", properties }))).toMatchObject({
      Resources: {
        Role: {
          Type: "A::B::C",
          Properties: {
            Name: { Ref: "Queue" },
            Arn: { "Fn::GetAtt": ["Queue", "Arn"] },
            Policy: { "Fn::Sub": "on ${Queue.Arn} in ${AWS::Region}" },
          },
        },
      },
    });
  });

  it("keeps what looks like a substitution in a user's text as it is", () => {
    const template = templateOf(declare({ properties: { Spec: "${notOurs} of ⟨Queue.Arn⟩" } }));
    expect(template).toMatchObject({
      Resources: { Queue: { Properties: { Spec: { "Fn::Sub": "${!notOurs} of ${Queue.Arn}" } } } },
    });
  });

  it("names dependencies that no reference shows, and only those", () => {
    const dependsOn = ["Queue", "Role"];
    const template = templateOf(
      declare({ logicalId: "Map", properties: { Source: "⟨Queue.Arn⟩" }, dependsOn }),
    );
    expect(template).toMatchObject({ Resources: { Map: { DependsOn: ["Role"] } } });
  });

  it("retains what is protected", () => {
    expect(templateOf(declare({ protect: true }))).toMatchObject({
      Resources: { Queue: { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" } },
    });
  });

  it("lists files and assumptions as metadata, because CloudFormation has no resource for them", () => {
    const file = declare({
      logicalId: "Code",
      type: OBJECT_TYPE,
      properties: { Bucket: "⟨Queue⟩", Key: "a.zip" },
    });
    expect(templateOf(file, declare({ dependsOn: ["Code"] }))).toMatchObject({
      Metadata: {
        Trueup: { Files: [{ Bucket: { Ref: "Queue" }, Key: "a.zip" }], Assumed: ["a table has a key"] },
      },
      Resources: { Queue: { Type: "AWS::SQS::Queue" } },
    });
  });

  it("outputs the environment as one JSON text", () => {
    expect(templateOf()).toMatchObject({
      Outputs: { Environment: { Value: { "Fn::Sub": '{"url":"${Queue}"}' } } },
    });
  });
});
