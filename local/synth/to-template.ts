import { type DeclaredProgram, type DeclaredResource, OBJECT_TYPE } from "./declared-resource.ts";
import { type Json, type JsonObject, type MappedJson, mapTexts } from "./json.ts";
import { splitTokens, type Token, tokensOf } from "./tokens.ts";

/**
 * Writes a program as one CloudFormation template.
 *
 * What CloudFormation cannot do is listed under `Metadata`: files to be put into the bucket first, and what was assumed
 * about resources that exist.
 */
export function toTemplate({ resources, environment, assumptions }: DeclaredProgram): JsonObject {
  const files = resources.filter(({ type }) => type === OBJECT_TYPE);
  const ids = new Set(files.map(({ logicalId }) => logicalId));
  const others = resources.filter(({ type }) => type !== OBJECT_TYPE);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "Trueup, written by `trueup synth`",
    Metadata: {
      Trueup: { Files: files.map(({ properties }) => toIntrinsics(properties)), Assumed: [...assumptions] },
    },
    Resources: Object.fromEntries(others.map((resource) => [resource.logicalId, toResource(resource, ids)])),
    Outputs: { Environment: { Value: toIntrinsics(JSON.stringify(environment)) } },
  };
}

function toResource(
  { type, properties, dependsOn, protect, retain }: DeclaredResource,
  files: ReadonlySet<string>,
): JsonObject {
  const referenced = new Set(tokensOf(properties).map(({ of }) => of));
  const others = dependsOn.filter((id) => !referenced.has(id) && !files.has(id));
  const kept: JsonObject =
    retain || protect ? { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" } : {};
  return {
    Type: type,
    Properties: toIntrinsics(properties),
    ...(others.length === 0 ? {} : { DependsOn: others }),
    ...kept,
  };
}

/** A token alone becomes `Ref` or `Fn::GetAtt`, one inside a text `Fn::Sub`. */
function toIntrinsics(value: Json): Json {
  return mapTexts<Json>(value, toIntrinsic) satisfies MappedJson<Json>;
}

function toIntrinsic(text: string): Json {
  const parts = splitTokens(text);
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return toReference(first);
  const tokens = parts.filter((part) => typeof part === "object");
  if (tokens.length === 0) return text;
  const template = parts.map((part) => (typeof part === "string" ? escapeSub(part) : `\${${toName(part)}}`));
  const variables = tokens.filter(({ part }) => part !== undefined);
  if (variables.length === 0) return { "Fn::Sub": template.join("") };
  const values = variables.map((token) => [toName(token), toReference(token)] as const);
  return { "Fn::Sub": [template.join(""), Object.fromEntries(values)] };
}

function toReference({ of, attribute, part }: Token): Json {
  if (attribute === undefined) return { Ref: of };
  const value = { "Fn::GetAtt": [of, attribute] };
  if (part === undefined) return value;
  return { "Fn::Select": [part, { "Fn::Split": [":", { "Fn::Select": [0, value] }] }] };
}

/** A name inside `Fn::Sub`: one CloudFormation knows, or a variable's where it takes more than that. */
function toName({ of, attribute, part }: Token): string {
  if (part !== undefined) return `${of}${attribute}${part}`;
  return attribute === undefined ? of : `${of}.${attribute}`;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html `${!` */
function escapeSub(text: string): string {
  return text.replaceAll("${", "${!");
}
