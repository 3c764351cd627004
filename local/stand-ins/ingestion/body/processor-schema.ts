import * as z from "zod";
import { readExpression, readFormat } from "../flow/expression.ts";
import { duration, ignored, memberKey, text, whole } from "./option-schemas.ts";

const value: z.ZodType<string | number | boolean | null> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);

const expression = text.transform((given, context) => {
  const read = readExpression(given);
  if (read !== undefined) return read;
  context.addIssue({
    code: "custom",
    message: 'only getMetadata("…"), /a/b and literals, with + - * == and != between, are evaluated here',
  });
  return z.NEVER;
});

export const format = text.transform((given, context) => {
  const read = readFormat(given);
  if (read !== undefined) return read;
  context.addIssue({
    code: "custom",
    message: 'only ${getMetadata("…")}, ${/a/b} and ${a} are filled in here',
  });
  return z.NEVER;
});

const addedEntry = z
  .strictObject({
    key: memberKey,
    value: value.optional(),
    value_expression: expression.optional(),
    format: format.optional(),
    overwrite_if_key_exists: z.boolean().default(false),
    add_when: expression.optional(),
  })
  .refine(
    (entry) =>
      [entry.value, entry.value_expression, entry.format].filter((given) => given !== undefined).length === 1,
    "must have one of value, value_expression, format",
  );

const movedEntry = z.strictObject({
  from_key: memberKey,
  to_key: memberKey,
  overwrite_if_to_key_exists: z.boolean().default(false),
});

/** Only the mode that keeps an event's metadata is run: without it there is no id and no version. */
const calledFunction = z.strictObject({
  function_name: text,
  response_events_match: z.literal(true, "only true is run here: else events lose their ids and versions"),
  response_mode: z.enum(["replace", "merge"]).default("replace"),
  invocation_type: z.literal("request-response").optional(),
  batch: z
    .strictObject({
      key_name: text.default("events"),
      threshold: z
        .strictObject({
          event_count: whole(1, 10_000).default(100),
          maximum_size: ignored,
          event_collect_timeout: duration.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  tags_on_failure: ignored,
  client: ignored,
  aws: ignored,
});

/** One step; exactly one member. @see https://github.com/opensearch-project/data-prepper `mutate-event-processors/…`, `aws-lambda/…/processor/LambdaProcessorConfig.java` */
export const processor = z
  .strictObject({
    add_entries: z.strictObject({ entries: z.array(addedEntry).min(1) }).optional(),
    delete_entries: z.strictObject({ with_keys: z.array(memberKey).min(1) }).optional(),
    rename_keys: z.strictObject({ entries: z.array(movedEntry).min(1) }).optional(),
    copy_values: z.strictObject({ entries: z.array(movedEntry).min(1) }).optional(),
    aws_lambda: calledFunction.optional(),
  })
  .refine((steps) => Object.keys(steps).length === 1, "must be one processor");

export type ProcessorOptions = z.infer<typeof processor>;
export type AddedEntry = z.infer<typeof addedEntry>;
export type MovedEntry = z.infer<typeof movedEntry>;
export type CalledFunction = z.infer<typeof calledFunction>;
