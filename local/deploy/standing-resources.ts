import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { JsonObject } from "../synth/json.ts";

/** What a resource is known by once it exists: `Ref`, and its attributes by name. */
export type Outputs = Readonly<Record<string, string>>;

/** A resource that exists, as it was made or last changed. */
export interface StandingResource extends Omit<DeclaredResource, "properties"> {
  /** Without tokens. */
  readonly properties: JsonObject;
  readonly outputs: Outputs;
}

/**
 * What stands on this machine, as Pulumi's state file says of AWS: written after every step, so that a deploy that was
 * cut off goes on where it was.
 */
export class StandingResources {
  readonly #file: string;
  readonly #byId: Map<string, StandingResource>;

  constructor(file: string) {
    this.#file = file;
    const known: readonly StandingResource[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    this.#byId = new Map(known.map((resource) => [resource.logicalId, resource]));
  }

  get all(): readonly StandingResource[] {
    return [...this.#byId.values()];
  }

  find(logicalId: string): StandingResource | undefined {
    return this.#byId.get(logicalId);
  }

  keep(resource: StandingResource): void {
    this.#byId.set(resource.logicalId, resource);
    this.#save();
  }

  forget(logicalId: string): void {
    this.#byId.delete(logicalId);
    this.#save();
  }

  #save(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.all));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
