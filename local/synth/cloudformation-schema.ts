import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";

type Spec = ReturnType<typeof loadAwsServiceSpecSync>;
type ResourceSchema = Extract<ReturnType<Spec["all"]>[number], { readonly cloudFormationType: string }>;
type PropertyType = ResourceSchema["properties"][string]["type"];
type Properties = ResourceSchema["properties"];

/** A CloudFormation type, found by the name Pulumi has for it. */
export interface CloudFormationType {
  /** `AWS::Lambda::Function`. */
  readonly name: string;
  /** Turns `memorySize` into `MemorySize`, all the way down; free-form JSON is left alone. */
  readonly toProperties: (inputs: JsonObject) => JsonObject;
  /** What CloudFormation tells of an existing resource: Pulumi's name of it, and `Fn::GetAtt`'s. */
  readonly attributes: readonly { readonly output: string; readonly attribute: string }[];
  /** Pulumi's name of what `Ref` gives, where it is one property. */
  readonly reference: string | undefined;
}

let loaded: { readonly spec: Spec; readonly byName: ReadonlyMap<string, ResourceSchema> } | undefined;

/**
 * Finds the type behind `aws-native:lambda:Function`.
 *
 * @returns undefined when CloudFormation has none
 * @see https://github.com/cdklabs/awscdk-service-spec AWS's own resource schemas, read here without a network
 */
export function findCloudFormationType(pulumiType: string): CloudFormationType | undefined {
  const { spec, byName } = loadSpec();
  const [, module = "", name = ""] = pulumiType.split(":");
  const schema = byName.get(`aws::${module}::${name}`.toLowerCase());
  if (schema === undefined) return undefined;
  const [identifier, ...others] = schema.primaryIdentifier ?? [];
  return {
    name: schema.cloudFormationType,
    toProperties: (inputs) => toMembers(spec, schema.properties, inputs),
    attributes: Object.keys(schema.attributes)
      .filter((attribute) => !attribute.includes("."))
      .map((attribute) => ({ output: toPulumiName(attribute), attribute })),
    reference: identifier === undefined || others.length > 0 ? undefined : toPulumiName(identifier),
  };
}

function loadSpec() {
  if (loaded !== undefined) return loaded;
  const spec = loadAwsServiceSpecSync();
  const schemas = spec.all("resource");
  const byName = new Map(schemas.map((schema) => [schema.cloudFormationType.toLowerCase(), schema]));
  loaded = { spec, byName };
  return loaded;
}

/** `SSESpecification` -> `sseSpecification`, `QueueUrl` -> `queueUrl`. */
function toPulumiName(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());
}

function toMembers(spec: Spec, properties: Properties, value: JsonObject): JsonObject {
  const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(value).map(([given, member]) => {
      const name = names.get(given.toLowerCase()) ?? given;
      const type = properties[name]?.type;
      return [name, type === undefined ? member : toProperty(spec, type, member)];
    }),
  );
}

function toProperty(spec: Spec, type: PropertyType, value: Json): Json {
  if (type.type === "union") return toProperty(spec, chooseType(type.types, value), value);
  if (type.type === "array" && isArray(value))
    return value.map((member) => toProperty(spec, type.element, member));
  if (!isObject(value)) return value;
  if (type.type === "ref")
    return toMembers(spec, spec.get("typeDefinition", type.reference.$ref).properties, value);
  if (type.type === "tag") return { Key: value["key"] ?? "", Value: value["value"] ?? "" };
  if (type.type !== "map") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, toProperty(spec, type.element, member)]),
  );
}

/** The first type of the value's shape: where a structure or free-form JSON may stand, the structure is listed first. */
function chooseType(types: readonly PropertyType[], value: Json): PropertyType {
  const fits = (type: PropertyType) =>
    isArray(value) ? type.type === "array" : ["ref", "map", "tag", "json"].includes(type.type);
  return types.find((type) => (isArray(value) || isObject(value)) && fits(type)) ?? { type: "json" };
}
