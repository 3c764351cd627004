import { SyncError } from "../../core/errors.ts";
import type { DeclaredProgram, DeclaredResource } from "../synth/declared-resource.ts";
import { isObject, type JsonObject } from "../synth/json.ts";
import { resolveTokens, type Token } from "../synth/tokens.ts";
import { attributesByResource } from "./attributes-in-use.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import { runGraph } from "./run-graph.ts";
import type { StandingResource, StandingResources } from "./standing-resources.ts";

/** What a deploy works with. */
export interface DeployDeps {
  readonly standing: StandingResources;
  readonly providerOf: (resource: Pick<DeclaredResource, "type" | "properties">) => ResourceProvider;
  /** `AWS::Region` and the like. */
  readonly pseudoParameters: Readonly<Record<string, string>>;
  /** Told after every step. @param done - steps done, of `total` */
  readonly onStep: (done: number, total: number, what: string) => void;
}

/**
 * Brings what stands to what the program declares, in the order Pulumi's engine keeps: what others need first, deletes
 * after everything else and dependents first.
 *
 * As with Pulumi, a step that fails starts no further one, rolls nothing back, and leaves what was to be deleted standing;
 * the next deploy goes on from there. Unchanged resources are not touched.
 *
 * @throws SyncError of the first step that failed; `CONFIGURATION_INVALID` before any step when a protected resource
 * would have to be deleted
 */
export async function applyProgram(deps: DeployDeps, program: DeclaredProgram): Promise<void> {
  const { resources } = program;
  const declared = new Set(resources.map(({ logicalId }) => logicalId));
  const removed = deps.standing.all.filter(({ logicalId }) => !declared.has(logicalId));
  requireUnprotected(removed);
  const attributes = attributesByResource(program);
  let done = 0;
  const report = (what: string) => deps.onStep(++done, resources.length + removed.length, what);
  await runGraph(resources, async (resource) => {
    await place(deps, resource, attributes.get(resource.logicalId) ?? []);
    report(resource.logicalId);
  });
  await runGraph(toDeletionOrder(removed), async (resource) => {
    await remove(deps, resource);
    report(`without ${resource.logicalId}`);
  });
}

/** Puts what is known of standing resources in the place of a value's tokens. */
export function resolveStanding({
  standing,
  pseudoParameters,
}: Pick<DeployDeps, "standing" | "pseudoParameters">): (token: Token) => string {
  return ({ of, attribute }) => {
    const value = pseudoParameters[of] ?? standing.find(of)?.outputs[attribute ?? "Ref"];
    if (value !== undefined) return value;
    throw new SyncError("ENGINE_FAILED", "a resource does not tell what another one needs of it", {
      subject: attribute === undefined ? of : `${of}.${attribute}`,
      fix: "see whether the emulator knows the attribute",
      retryable: false,
    });
  };
}

async function place(
  deps: DeployDeps,
  declared: DeclaredResource,
  attributes: readonly string[],
): Promise<void> {
  const { standing, providerOf } = deps;
  const properties = resolveTokens(declared.properties, resolveStanding(deps));
  const resource = { ...declared, properties: isObject(properties) ? properties : {} };
  const before = standing.find(resource.logicalId);
  if (before !== undefined && isUnchanged(before, resource.properties, attributes)) {
    const { dependsOn, protect, retain } = resource;
    standing.keep({ ...before, dependsOn, protect, retain });
    return;
  }
  const provider = providerOf(resource);
  const outputs =
    before === undefined
      ? await provider.create(resource, attributes)
      : await provider.update(resource, before, attributes);
  standing.keep({ ...resource, outputs });
}

function isUnchanged(
  before: StandingResource,
  properties: JsonObject,
  attributes: readonly string[],
): boolean {
  const known = attributes.every((attribute) => attribute in before.outputs);
  return known && JSON.stringify(before.properties) === JSON.stringify(properties);
}

async function remove({ standing, providerOf }: DeployDeps, resource: StandingResource): Promise<void> {
  if (!resource.retain) await providerOf(resource).delete(resource);
  standing.forget(resource.logicalId);
}

/** The same graph with every arrow turned round. */
function toDeletionOrder(removed: readonly StandingResource[]): readonly StandingResource[] {
  return removed.map((resource) => ({
    ...resource,
    dependsOn: removed
      .filter(({ dependsOn }) => dependsOn.includes(resource.logicalId))
      .map(({ logicalId }) => logicalId),
  }));
}

/** Pulumi refuses the whole deploy, before its first step. */
function requireUnprotected(removed: readonly StandingResource[]): void {
  const refused = removed.filter(({ protect }) => protect).map(({ logicalId }) => logicalId);
  if (refused.length === 0) return;
  throw new SyncError("CONFIGURATION_INVALID", "a protected resource would have to be deleted", {
    subject: refused.join(", "),
    fix: "set trueup:protect: false and deploy, then deploy without it",
    retryable: false,
  });
}
