import * as z from "zod";
import { ACCOUNT, made } from "./physical-names.ts";
import type { RecordedResource, Recording } from "./record-resources.ts";

const list = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: list,
  Resource: list,
  Condition: z.object({ StringLike: z.object({ "s3:prefix": list }) }).optional(),
});
const documentSchema = z.object({ Version: z.literal("2012-10-17"), Statement: z.array(statementSchema) });
const trustSchema = z.object({
  Statement: z.tuple([
    z.object({
      Effect: z.literal("Allow"),
      Principal: z.union([z.strictObject({ Service: z.string() }), z.strictObject({ AWS: z.string() })]),
      Action: z.literal("sts:AssumeRole"),
      Condition: z
        .union([
          z.strictObject({ ArnEquals: z.strictObject({ "aws:PrincipalArn": z.string() }) }),
          z.strictObject({
            StringEquals: z.strictObject({ "aws:SourceAccount": z.literal(ACCOUNT) }),
            ArnLike: z.strictObject({ "aws:SourceArn": z.string() }),
          }),
        ])
        .optional(),
    }),
  ]),
});
/** Strict: a role that lists policies of its own would lose those of others with the next change. */
const roleSchema = z.strictObject({
  assumeRolePolicyDocument: trustSchema,
  path: z.string().default("/"),
  managedPolicyArns: z.array(z.string()).default([]),
  permissionsBoundary: z.string().optional(),
});
const rolePolicySchema = z.object({
  roleName: z.string(),
  policyName: z.string(),
  policyDocument: documentSchema,
});

export type Statement = z.infer<typeof statementSchema>;

/** A role with everything it may do, whichever resource says so. */
export interface RecordedRole {
  readonly name: string;
  /** A service, or the ARN of a role. */
  readonly trusted: string;
  readonly path: string;
  readonly statements: readonly Statement[];
  readonly managedPolicyArns: readonly string[];
  readonly permissionsBoundary: string | undefined;
  /** Characters that count against IAM's limit for all inline policies of a role: all but white space. */
  readonly inlineCharacters: number;
}

/** One call somebody makes. `prefix`: of a listing, or the key whose absence is to be told. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly prefix?: string;
}

/** Every role of a recording by its logical name, with policies other resources put on it. */
export function collectRoles({ resources }: Recording<unknown>): ReadonlyMap<string, RecordedRole> {
  const ofType = (type: string) => resources.filter((known) => known.type === type);
  const added = ofType("aws-native:iam:RolePolicy").map(({ inputs }) => rolePolicySchema.parse(inputs));
  return new Map(ofType("aws-native:iam:Role").map((role) => [role.name, toRole(role, added)]));
}

function toRole(
  { name, inputs }: RecordedResource,
  added: readonly z.infer<typeof rolePolicySchema>[],
): RecordedRole {
  const { assumeRolePolicyDocument, path, managedPolicyArns, permissionsBoundary } = roleSchema.parse(inputs);
  const own = added.filter(({ roleName }) => roleName === made(name));
  const documents = own.map(({ policyDocument }) => policyDocument);
  return {
    name,
    trusted: toTrusted(assumeRolePolicyDocument.Statement[0]),
    path,
    statements: documents.flatMap(({ Statement }) => Statement),
    managedPolicyArns,
    permissionsBoundary,
    inlineCharacters: JSON.stringify(documents).length,
  };
}

/** A whole account is trusted only with the one role that may come from it. */
function toTrusted({ Principal, Condition }: z.infer<typeof trustSchema>["Statement"][0]): string {
  if ("Service" in Principal) return Principal.Service;
  expect(Principal.AWS).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  const named = Condition !== undefined && "ArnEquals" in Condition ? Condition.ArnEquals : undefined;
  return z.string().parse(named?.["aws:PrincipalArn"]);
}

/** Whether a statement lets a call through, the way IAM reads `*` and `s3:prefix`. */
export function allows({ Effect, Action, Resource, Condition }: Statement, call: Call): boolean {
  const prefixes = Condition?.StringLike["s3:prefix"];
  return (
    Effect === "Allow" &&
    Action.some((action) => matches(action, call.action)) &&
    Resource.some((resource) => matches(resource, call.resource)) &&
    (prefixes === undefined || prefixes.some((prefix) => matches(prefix, call.prefix ?? "")))
  );
}

/** `*` stands for any characters, slashes included. */
function matches(pattern: string, value: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(value);
}
