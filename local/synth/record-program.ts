import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import { parseSyncError } from "../../core/parse-sync-error.ts";
import { runProgram } from "../../stacks/program.ts";
import { classicOutputs, convertClassic, isClassic } from "./aws-classic.ts";
import { type CloudFormationType, findCloudFormationType } from "./cloudformation-schema.ts";
import type { DeclaredProgram, DeclaredResource } from "./declared-resource.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { answerLookup, assumeKey, type Lookups } from "./lookups.ts";
import { watchRegistrations } from "./registrations.ts";
import { writeToken } from "./tokens.ts";

const CUSTOM_RESOURCE = "aws-native:cloudformation:CustomResourceEmulator";
/** What index-lifecycle answers with, by custom resource type; see docs/internals.md. */
const CUSTOM_RESOURCE_DATA: Readonly<Record<string, readonly string[]>> = {
  "Custom::TrueupIndex": ["indexUuid"],
  "Custom::TrueupBuild": ["execution"],
};

const SQL_TABLE = "Custom::TrueupSqlTable";
const specSchema = z.object({ tableName: z.string(), connection: z.object({ database: z.string() }) });

/** Attributes that are lists of texts `a:b`, of which the program looks at one. */
const LISTS = ["AWS::EC2::VPCEndpoint.DnsEntries"];

/** What a program is recorded with. */
export interface RecordOptions extends Lookups {
  readonly stack: string;
  readonly config: JsonObject;
  readonly projectRoot: string;
}

/**
 * Runs the program of `stacks/` without Pulumi's engine and writes down what it declares. Unknown values are tokens.
 *
 * Uses Pulumi's process-wide mocks: one at a time.
 *
 * @throws SyncError `CONFIGURATION_INVALID` with every fault, `SYNTH_UNSUPPORTED` for a type that is not known here
 */
export async function recordProgram(options: RecordOptions): Promise<Omit<DeclaredProgram, "assumptions">> {
  const recorder = new Recorder(options);
  await pulumi.runtime.setMocks(recorder, "trueup", options.stack, false);
  const registrations = watchRegistrations();
  try {
    const { stack, config, projectRoot } = options;
    const environment = await unlessOutputsFail(async () => {
      const settled = await settle(await runProgram(config, { stack, projectRoot }));
      await pulumi.runtime.disconnect();
      return settled;
    });
    return { resources: recorder.finish(registrations), environment };
  } catch (cause) {
    throw toSyncError(cause);
  }
}

/** A registered resource, before its place among the others is known. */
interface Registered {
  readonly urnKey: string;
  readonly logicalId: string;
  readonly type: string;
  readonly inputs: JsonObject;
  readonly native: CloudFormationType | undefined;
}

class Recorder implements pulumi.runtime.Mocks {
  readonly #registered: Registered[] = [];
  readonly #lookups: Lookups;

  constructor(lookups: Lookups) {
    this.#lookups = lookups;
  }

  /** Of a look-up that fails, Pulumi hands on what gRPC calls its details, and nothing else. */
  async call({ token, inputs }: MockCallArgs): Promise<JsonObject> {
    try {
      return await answerLookup(token, inputs, this.#lookups);
    } catch (cause) {
      const details = cause instanceof Error ? cause.message : String(cause);
      throw Object.assign(new Error(details, { cause }), { details });
    }
  }

  async newResource({ type, name, inputs: given, custom = false }: MockResourceArgs) {
    if (!custom) return { id: name, state: {} };
    const inputs = await toPlain(given);
    const native = type === CUSTOM_RESOURCE || isClassic(type) ? undefined : requireType(type, name);
    const logicalId = toLogicalId(name, type);
    this.#registered.push({ urnKey: `${type}::${name}`, logicalId, type, inputs, native });
    const state = toState(type, logicalId, inputs, native);
    const key = inputs["resourceType"] === SQL_TABLE ? await this.#findKey(inputs) : {};
    return { id: writeToken({ of: logicalId }), state: { ...state, ...key } };
  }

  /** A key has a shape that no token can stand for. */
  async #findKey({ customResourceProperties }: JsonObject): Promise<JsonObject> {
    const { findKey, assume = () => {} } = this.#lookups;
    const properties = isObject(customResourceProperties) ? customResourceProperties : {};
    const { tableName, connection } = specSchema.parse(JSON.parse(String(properties["spec"])));
    return { data: { key: await (findKey ?? assumeKey(assume))(tableName, connection.database) } };
  }

  /** All resources in CloudFormation's words. */
  finish(registrations: ReturnType<typeof watchRegistrations>): readonly DeclaredResource[] {
    const ids = new Map(this.#registered.map(({ urnKey, logicalId }) => [urnKey, logicalId]));
    const placed = this.#registered.map((resource) => {
      const { dependencies = [], protect = false, retain = false } = registrations.get(resource.urnKey) ?? {};
      const dependsOn = [...new Set(dependencies.flatMap((key) => ids.get(key) ?? []))].sort();
      return { ...resource, dependsOn, protect, retain };
    });
    const classic = convertClassic(placed.filter(({ type }) => isClassic(type)));
    const others = placed.filter(({ type }) => !isClassic(type)).map(toDeclared);
    return dropUnknownDependencies([...classic, ...others]);
  }
}

function toState(
  type: string,
  logicalId: string,
  inputs: JsonObject,
  native: CloudFormationType | undefined,
): JsonObject {
  if (isClassic(type)) return classicOutputs(type, logicalId, inputs);
  if (native === undefined) {
    const names = CUSTOM_RESOURCE_DATA[String(inputs["resourceType"])] ?? [];
    const data = names.map((attribute) => [attribute, writeToken({ of: logicalId, attribute })]);
    return { ...inputs, data: Object.fromEntries(data) };
  }
  const attributes = native.attributes.map(({ output, attribute }) => {
    const listed = LISTS.includes(`${native.name}.${attribute}`);
    const token = { of: logicalId, attribute };
    const [first, second] = [0, 1].map((part) => writeToken({ ...token, part }));
    return [output, listed ? [`${first}:${second}`] : writeToken(token)];
  });
  const reference =
    native.reference === undefined ? {} : { [native.reference]: writeToken({ of: logicalId }) };
  return { ...Object.fromEntries(attributes), ...reference, ...inputs };
}

function toDeclared({
  urnKey: _,
  inputs,
  native,
  ...resource
}: Registered & Pick<DeclaredResource, "dependsOn" | "protect" | "retain">): DeclaredResource {
  if (native !== undefined)
    return { ...resource, type: native.name, properties: native.toProperties(inputs) };
  const { resourceType = "", serviceToken = "", customResourceProperties, ...place } = inputs;
  const properties = isObject(customResourceProperties) ? customResourceProperties : {};
  const { bucketName = "", bucketKeyPrefix = "" } = place;
  return {
    ...resource,
    type: String(resourceType),
    properties: {
      ServiceToken: serviceToken,
      ResponseBucket: bucketName,
      ResponsePrefix: bucketKeyPrefix,
      ...properties,
    },
  };
}

/** A satellite that became a property of its bucket is waited for with the bucket. */
function dropUnknownDependencies(resources: readonly DeclaredResource[]): readonly DeclaredResource[] {
  const known = new Set(resources.map(({ logicalId }) => logicalId));
  return resources
    .map((resource) => ({ ...resource, dependsOn: resource.dependsOn.filter((id) => known.has(id)) }))
    .sort((left, right) => (left.logicalId < right.logicalId ? -1 : 1));
}

/** `places-custom-1-stream`, a function -> `PlacesCustom1StreamFunction`. */
function toLogicalId(name: string, type: string): string {
  const words = [...name.split(/[^A-Za-z0-9]+/), type.split(":").at(-1) ?? ""];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Assets hold their path in a promise; everything else is plain already. */
async function toPlain(inputs: Readonly<Record<string, unknown>>): Promise<JsonObject> {
  const entries = Object.entries(inputs).map(async ([name, value]): Promise<[string, Json]> => {
    if (!(value instanceof pulumi.asset.FileAsset)) return [name, JSON.parse(JSON.stringify(value))];
    return [name, await value.path];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function settle(output: pulumi.Output<unknown>): Promise<Json> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(JSON.parse(JSON.stringify(value))));
  });
}

/**
 * Does something that an error inside the program's outputs must end: such an error reaches nobody but the process.
 * Once there is one, the others that follow from it are nobody's concern.
 */
async function unlessOutputsFail<Result>(work: () => Promise<Result>): Promise<Result> {
  const failed = Promise.withResolvers<never>();
  process.on("unhandledRejection", failed.reject);
  const working = work().finally(() => process.off("unhandledRejection", failed.reject));
  return Promise.race([working, failed.promise]);
}

function requireType(type: string, name: string): CloudFormationType {
  const found = findCloudFormationType(type);
  if (found !== undefined) return found;
  throw new SyncError("SYNTH_UNSUPPORTED", "CloudFormation has no such type", {
    subject: `${type} ${name}`,
    fix: "declare it with a type that aws-native and CloudFormation share",
    retryable: false,
  });
}

/** The path an error took through Pulumi, written before its message. */
const SERIALIZING = /^(?:error serializing property "[^"]*": )+/;

/**
 * A component's refusal lists its faults by path; told in our words it reaches the terminal like any other. Of an error
 * of ours that went through Pulumi, only the message is left.
 */
function toSyncError(cause: unknown): unknown {
  const found = pulumi.InputPropertyError.isInstance(cause)
    ? [cause]
    : pulumi.InputPropertiesError.isInstance(cause)
      ? cause.errors
      : undefined;
  if (found === undefined) {
    const message = cause instanceof Error ? cause.message : "";
    return SERIALIZING.test(message) ? (parseSyncError(message.replace(SERIALIZING, "")) ?? cause) : cause;
  }
  const faults = found.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
  return new SyncError("CONFIGURATION_INVALID", `${faults.length} fault(s) in the arguments`, {
    subject: `\n${faults.join("\n")}\n`,
    fix: "correct the lines above in the stack's file",
    retryable: false,
    cause,
  });
}
