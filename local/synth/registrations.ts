import * as pulumi from "@pulumi/pulumi";

/** What a resource's options say, which Pulumi's mocks are not told. */
export interface Registration {
  /** `<type>::<name>` of what it depends on. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retain: boolean;
}

/**
 * Listens to the mocks' monitor for what it does not hand on: dependencies, protection, retention.
 *
 * Called after `setMocks`. @returns registrations by `<type>::<name>`, filled while the program runs
 */
export function watchRegistrations(): ReadonlyMap<string, Registration> {
  const seen = new Map<string, Registration>();
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!isMonitor(monitor)) throw new TypeError("setMocks has not been called");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    seen.set(`${request.getType()}::${request.getName()}`, {
      dependencies: request.getDependenciesList().map(toKey),
      protect: request.getProtect() ?? false,
      retain: request.getRetainondelete() ?? false,
    });
    return register(request, callback);
  };
  return seen;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
}

interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): unknown;
}

function isMonitor(value: unknown): value is Monitor {
  return typeof value === "object" && value !== null && "registerResource" in value;
}

/** `urn:pulumi:stack::project::parent$type::name` -> `type::name`. */
function toKey(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1)}::${name.join("::")}`;
}
