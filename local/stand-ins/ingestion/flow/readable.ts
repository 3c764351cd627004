import type { EventValue, PipelineEvent } from "../event.ts";

/** What an expression may look at. */
export type Readable = Pick<PipelineEvent, "data" | "metadata">;

/** Finds an expression's value in an event. */
export type Expression = (event: Readable) => EventValue;
