import type { ServedPage } from "../page/page-server.ts";
import type { DemoStack } from "./demo-stack.ts";
import type { makeLiveWriter } from "./live-writes.ts";
import type { DemoOptions } from "./options.ts";
import type { PlaceRecord } from "./place-records.ts";

/** What every chapter works with. */
export interface DemoWorld {
  readonly options: DemoOptions;
  readonly places: readonly PlaceRecord[];
  readonly stack: DemoStack;
  /** Where people search and watch meanwhile. */
  readonly page: ServedPage;
  readonly writer: ReturnType<typeof makeLiveWriter>;
}
