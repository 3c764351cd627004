/** What a sink gives back for an event: whether it has it for good. Every holder gives it once. */
export interface Receipt {
  /** Says that so many more sinks hold the event. */
  hold(more: number): void;
  /** @param taken - false: read it again */
  release(taken: boolean): void;
}

/** Events that are acknowledged together: those of a page of a stream, or of a file of an export. */
export interface AcknowledgementSet extends Receipt {
  /** Says that no more events come into it; an empty one is settled at once. */
  complete(): void;
}

/**
 * Makes a set that tells once what became of it: true when every event was taken, false as soon as one was not.
 *
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-core/…/acknowledgements/DefaultAcknowledgementSet.java`
 */
export function makeAcknowledgementSet(settle: (taken: boolean) => void): AcknowledgementSet {
  let held = 0;
  let completed = false;
  let settled = false;
  const tell = (taken: boolean) => {
    if (settled) return;
    settled = true;
    settle(taken);
  };
  return {
    hold: (more) => {
      held += more;
    },
    release: (taken) => {
      held -= 1;
      if (!taken) tell(false);
      else if (completed && held === 0) tell(true);
    },
    complete: () => {
      completed = true;
      if (held === 0) tell(true);
    },
  };
}

/** For a source that waits for nobody. */
export const NO_RECEIPT: Receipt = { hold: () => {}, release: () => {} };
