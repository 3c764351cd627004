import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { Outputs, StandingResource } from "./standing-resources.ts";

/** Makes, changes and deletes resources of some types. A rejection leaves the resource as it was. */
export interface ResourceProvider {
  /** @param attributes - what of it others refer to, beside `Ref` */
  create(resource: DeclaredResource, attributes: readonly string[]): Promise<Outputs>;

  update(
    resource: DeclaredResource,
    before: StandingResource,
    attributes: readonly string[],
  ): Promise<Outputs>;

  delete(standing: StandingResource): Promise<void>;
}
