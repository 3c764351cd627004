import type { Measure } from "./ports/write-measures.ts";

/** What a server says of a replication slot, and of how much of its log it keeps for it. */
export type SlotLook =
  | { readonly kind: "gone" }
  | {
      readonly kind: "there";
      /** Whether a connector reads it now. */
      readonly active: boolean;
      /**
       * `unreserved`: what it needs may be removed at the next checkpoint. `lost`: it was.
       *
       * @see https://www.postgresql.org/docs/current/view-pg-replication-slots.html `wal_status`
       */
      readonly walStatus: "reserved" | "extended" | "unreserved" | "lost";
      /** Log that the server keeps because of it, bytes. */
      readonly retainedBytes: number;
      /** Log that was written and is not known to be in Kafka, bytes. */
      readonly unconfirmedBytes: number;
    };

/** What is said of a slot that nobody can come to all changes by any more. */
export const slotFaults = {
  gone: (slotName: string) => `replication slot ${slotName} is gone`,
  lostLog: (slotName: string) => `replication slot ${slotName} lost its WAL`,
} as const;

/** Why no reader of a slot can come to all changes any more; undefined while it can. */
export function whyLost(look: SlotLook, slotName: string): string | undefined {
  if (look.kind === "gone") return slotFaults.gone(slotName);
  return look.walStatus === "lost" ? slotFaults.lostLog(slotName) : undefined;
}

/** What alarms and the dashboard watch of a slot. One that is lost keeps nothing, so its sizes are not told. */
export function measureSlot(look: SlotLook): readonly Measure[] {
  const isThere = look.kind === "there" && look.walStatus !== "lost";
  const sizes = isThere
    ? [bytes("SlotRetained", look.retainedBytes), bytes("SlotUnconfirmed", look.unconfirmedBytes)]
    : [];
  return [
    count("SourceUnseen", false),
    count("SlotLost", !isThere),
    count("SlotAtRisk", isThere && look.walStatus === "unreserved"),
    count("SlotInactive", look.kind === "gone" || !look.active),
    ...sizes,
  ];
}

/** What is watched of a source whose database did not answer: that nothing is known of it. */
export const UNSEEN: readonly Measure[] = [count("SourceUnseen", true)];

function count(name: string, holds: boolean): Measure {
  return { name, unit: "Count", values: [holds ? 1 : 0] };
}

function bytes(name: string, value: number): Measure {
  return { name, unit: "Bytes", values: [value] };
}
