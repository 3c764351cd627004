import type { makeHandleCommand } from "./handle-command.ts";
import type { makeHandleCustomResource } from "./handle-custom-resource.ts";

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

export interface InvocationDeps {
  readonly handleCustomResource: ReturnType<typeof makeHandleCustomResource>;
  readonly handleCommand: ReturnType<typeof makeHandleCommand>;
}

/** Tells custom resource requests from commands: only the former say where their answer goes. */
export function makeHandleInvocation({ handleCustomResource, handleCommand }: InvocationDeps) {
  return async (event: unknown, context: InvocationContext): Promise<unknown> => {
    const isRequest = typeof event === "object" && event !== null && "ResponseURL" in event;
    if (isRequest) return handleCustomResource(event, context.getRemainingTimeInMillis());
    return handleCommand(event);
  };
}
