import * as z from "zod";

export const text = z.string().min(1);
/** Taken, and without a meaning on this machine: credentials, networks, owners. */
export const ignored = z.unknown().optional();
export const whole = (least: number, most: number) => z.number().int().min(least).max(most);

const SIMPLE = /^(\d+)(ms|s)$/;
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const SECOND = 1000;

/** A time such as `30s`, `500ms` or `PT30M`, in milliseconds. @see https://github.com/opensearch-project/data-prepper `data-prepper-pipeline-parser/…/DataPrepperDurationDeserializer.java` */
export const duration = text.transform((value, context): number => {
  const [, count, unit] = SIMPLE.exec(value) ?? [];
  if (count !== undefined) return Number(count) * (unit === "s" ? SECOND : 1);
  const [iso, days = 0, hours = 0, minutes = 0, seconds = 0] = ISO.exec(value) ?? [];
  if (iso !== undefined)
    return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * SECOND;
  context.addIssue({ code: "custom", message: "must be a time such as 30s or PT30M" });
  return z.NEVER;
});

const SIZE = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/;
const UNITS = ["b", "kb", "mb", "gb"];

/** A size such as `10mb`, in bytes. @see https://github.com/opensearch-project/data-prepper `data-prepper-api/…/types/ByteCount.java` */
export const byteCount = text.transform((value, context): number => {
  const [, count, unit = ""] = SIZE.exec(value) ?? [];
  if (count !== undefined) return Number(count) * 1024 ** UNITS.indexOf(unit);
  context.addIssue({ code: "custom", message: "must be a size such as 10mb" });
  return z.NEVER;
});

/** A text that is the same for every event. */
export const fixedText = text.refine(
  (value) => !/[$%]\{/.test(value),
  "places ${…} and %{…} are not filled in here",
);

/** The key of a member, `a` or `a/b`. */
export const memberKey = text.regex(/^\/?[\w.@-]+(\/[\w.@-]+)*$/, "must be plain names, with / between");
