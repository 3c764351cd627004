import { markGap } from "./generation.ts";
import type { Announcer } from "./ports/announcer.ts";
import type { Clock } from "./ports/clock.ts";
import type { ControlStore } from "./ports/control-store.ts";
import type { GenerationDescriptor, TableDescriptor } from "./table-descriptor.ts";

/** A table's generation; descriptors and an audit's plan name one. */
export interface GapSubject {
  readonly table: Pick<TableDescriptor, "table">;
  readonly generation: Pick<GenerationDescriptor, "generation">;
}

export interface NoteGapDeps {
  readonly control: ControlStore;
  readonly announcer: Announcer;
  readonly now: Clock;
}

/**
 * Notes that nothing found of a generation can be trusted to be complete, once, and tells people. The first cause stays; a
 * generation that is not made yet, or is gone, has nothing to lose.
 *
 * @returns whether it was not known before
 */
export async function noteGap(
  { control, announcer, now }: NoteGapDeps,
  { table: { table }, generation: { generation } }: GapSubject,
  cause: string,
): Promise<boolean> {
  let isNew = false;
  await control.update(table, (known) => {
    const marked = markGap(known, generation, cause, now());
    isNew = marked !== known;
    return marked;
  });
  if (!isNew) return false;
  await announcer.announce({
    subject: `STREAM_GAP: ${table} needs an approved full audit`,
    detail: { table, generation, cause },
  });
  return true;
}
