import { SyncError } from "../core/errors.ts";
import type {
  CustomResourceAnswer,
  CustomResourceResponder,
} from "../core/ports/custom-resource-responder.ts";
import type { ActionData, CustomResourceAction } from "./custom-resource-action.ts";
import {
  addressSchema,
  type CustomResourceAddress,
  type CustomResourceRequest,
  requestSchema,
} from "./custom-resource-event.ts";

/** An answer is sent while this much of the invocation is left, whatever the work is doing. */
export const ANSWER_BEFORE_MILLIS = 10_000;

/** An answer is at most 4,096 bytes; a reason longer than this is cut. */
const MAXIMUM_REASON_LENGTH = 1_000;

export interface CustomResourceDeps {
  readonly actions: ReadonlyMap<string, CustomResourceAction>;
  readonly responder: CustomResourceResponder;
}

/** What became of a request, before it is put into an answer. */
type Outcome =
  | { readonly kind: "done"; readonly physicalId: string; readonly data: ActionData }
  | { readonly kind: "failed"; readonly physicalId: string | undefined; readonly cause: unknown };

/**
 * Makes the handler of custom resource requests.
 *
 * Whatever happens, exactly one answer is sent, before {@link ANSWER_BEFORE_MILLIS} are left: whoever waits
 * for it would otherwise wait an hour. A failed create names no physical id; every success does, and it never
 * changes.
 *
 * @returns a handler that throws only when a request names no place to answer to, or none takes the answer
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export function makeHandleCustomResource({ actions, responder }: CustomResourceDeps) {
  return async (event: unknown, remainingMillis: number): Promise<void> => {
    const address = addressSchema.parse(event);
    const work = perform(actions, event, address);
    const outcome = await withinTime(work, remainingMillis - ANSWER_BEFORE_MILLIS, event, address);
    await responder.respond(address.ResponseURL, toAnswer(address, outcome));
  };
}

async function perform(
  actions: CustomResourceDeps["actions"],
  event: unknown,
  address: CustomResourceAddress,
): Promise<Outcome> {
  try {
    return await dispatch(actions, requestSchema.parse(event));
  } catch (cause) {
    return { kind: "failed", physicalId: keptId(event, address), cause };
  }
}

async function dispatch(
  actions: CustomResourceDeps["actions"],
  request: CustomResourceRequest,
): Promise<Outcome> {
  if (request.RequestType === "Delete") return dispatchDelete(actions, request);
  const { action: name, spec } = request.ResourceProperties;
  const action = requireAction(actions, name);
  const physicalId = `${name}/${action.identify(spec)}`;
  if (request.RequestType === "Create") {
    return { kind: "done", physicalId, data: await action.create(spec) };
  }
  requireSameIdentity(request.PhysicalResourceId, physicalId);
  const before = request.OldResourceProperties;
  const data = await action.update(spec, before?.action === name ? before.spec : undefined);
  return { kind: "done", physicalId, data };
}

/** A physical id that is not the one a create would have answered means that none ever succeeded. */
async function dispatchDelete(
  actions: CustomResourceDeps["actions"],
  request: Extract<CustomResourceRequest, { RequestType: "Delete" }>,
): Promise<Outcome> {
  const { action: name = "", spec = "" } = request.ResourceProperties;
  const physicalId = request.PhysicalResourceId ?? "";
  const action = actions.get(name);
  if (action !== undefined && physicalId.startsWith(`${name}/`)) {
    requireSameIdentity(physicalId, `${name}/${action.identify(spec)}`);
    await action.delete(spec);
  }
  return { kind: "done", physicalId: physicalId === "" ? "never-created" : physicalId, data: {} };
}

/** A create that failed has no physical id, or it would be kept as if it existed; every other request keeps its own. */
function keptId(event: unknown, { PhysicalResourceId }: CustomResourceAddress): string | undefined {
  const isCreate =
    typeof event === "object" && event !== null && Reflect.get(event, "RequestType") === "Create";
  return isCreate ? undefined : PhysicalResourceId;
}

/** The work goes on when time is up, and is idempotent: the next request finds it done or does it again. */
async function withinTime(
  work: Promise<Outcome>,
  millis: number,
  event: unknown,
  address: CustomResourceAddress,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<Outcome>((resolve) => {
    const fail = () => resolve({ kind: "failed", physicalId: keptId(event, address), cause: tooSlow() });
    timer = setTimeout(fail, Math.max(0, millis));
  });
  return Promise.race([work, timeUp]).finally(() => clearTimeout(timer));
}

function toAnswer(address: CustomResourceAddress, outcome: Outcome): CustomResourceAnswer {
  const { StackId, RequestId, LogicalResourceId } = address;
  const identity = { StackId, RequestId, LogicalResourceId };
  if (outcome.kind === "done") {
    return { ...identity, Status: "SUCCESS", PhysicalResourceId: outcome.physicalId, Data: outcome.data };
  }
  const { physicalId, cause } = outcome;
  const Reason = (cause instanceof Error ? cause.message : String(cause)).slice(0, MAXIMUM_REASON_LENGTH);
  return {
    ...identity,
    Status: "FAILED",
    Reason,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
  };
}

function requireAction(actions: CustomResourceDeps["actions"], name: string): CustomResourceAction {
  const action = actions.get(name);
  if (action !== undefined) return action;
  throw new SyncError("CONFIGURATION_INVALID", "there is no such custom resource action", {
    subject: name,
    fix: "deploy program and functions from the same version",
    retryable: false,
  });
}

function requireSameIdentity(physicalId: string, wanted: string): void {
  if (physicalId === wanted) return;
  throw new SyncError("CONFIGURATION_INVALID", "a custom resource cannot become another one", {
    subject: `${physicalId} to ${wanted}`,
    fix: "give each generation a resource name of its own",
    retryable: false,
  });
}

function tooSlow(): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the work took longer than the function has", {
    subject: "custom resource request",
    fix: "see whether the search engine answers, then deploy again",
    retryable: true,
  });
}
