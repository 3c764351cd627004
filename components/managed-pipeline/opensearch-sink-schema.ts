import * as z from "zod";
import type { OpenSearchSinkOptions } from "../../core/ingestion/sink-options.ts";
import { deadLetterQueue } from "./dead-letter-schema.ts";
import { awsOptions, duration, refused, sinkOptions, text, whole } from "./option-schemas.ts";
import { refusedSinkOptions } from "./refused-sink-options.ts";

/** Of a domain, of one on two stacks, of a collection. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html */
const STANDARD_ENDPOINT =
  /^https:\/\/[a-z0-9-]+\.([a-z0-9-]+\.(es|aoss)\.amazonaws\.com(\.cn)?|aos\.[a-z0-9-]+\.on\.aws)$/;
const NAMED_HOST = /^https?:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9.-])/;
const CUSTOM_ENDPOINT =
  "must be https:// and the domain's own endpoint: OpenSearch Ingestion takes no custom one, no port and no path";
const policyName = z.string().min(3, "must have 3 to 32 characters").max(32, "must have 3 to 32 characters");

/** A custom endpoint is a name; what is none, an address or a template's reference to a domain, is not judged. */
const host = z
  .string()
  .regex(/^https?:\/\//, "must begin with https://")
  .refine((url) => STANDARD_ENDPOINT.test(url) || !NAMED_HOST.test(url), CUSTOM_ENDPOINT);

const aws = awsOptions.extend({
  serverless: z.boolean().exactOptional(),
  serverless_options: z
    .strictObject({
      network_policy_name: policyName.exactOptional(),
      collection_name: policyName.exactOptional(),
      vpce_id: text.exactOptional(),
    })
    .exactOptional(),
  resource_name: refused("belongs to semantic enrichment, which is not documented for pipelines; remove it"),
  semantic_enrichment: refused("is not documented for pipelines; enrich in the index's mapping"),
});

const queryLookup = z.strictObject({
  query_when: text,
  query_term: text,
  query_duration: duration.exactOptional(),
  query_on_bulk_errors: z.boolean().exactOptional(),
  async_limit: whole.exactOptional(),
});

/** What OpenSearch Ingestion takes of the sink's options, and why not of the others. */
export const openSearchSink: z.ZodType<OpenSearchSinkOptions> = z.strictObject({
  hosts: z.array(host).min(1, "must name the domain's endpoint"),
  index: text.exactOptional(),
  index_type: text.exactOptional(),
  template_type: z.enum(["v1", "index-template"]).exactOptional(),
  template_content: text.exactOptional(),
  number_of_shards: whole.min(0).exactOptional(),
  number_of_replicas: whole.min(0).exactOptional(),
  normalize_index: z.boolean().exactOptional(),
  distribution_version: z.enum(["default", "es6"]).exactOptional(),
  enable_request_compression: z.boolean().exactOptional(),
  path_prefix: text.exactOptional(),
  connect_timeout: whole.min(0).exactOptional(),
  document_id: text.exactOptional(),
  document_root_key: text.exactOptional(),
  routing: text.exactOptional(),
  document_version: text.exactOptional(),
  document_version_type: z.enum(["internal", "external", "external_gte"]).exactOptional(),
  action: text.exactOptional(),
  actions: z.array(z.strictObject({ type: text, when: text.exactOptional() })).exactOptional(),
  flush_timeout: whole.min(-1, "must be milliseconds, or -1 to send every batch at once").exactOptional(),
  bulk_size: whole.exactOptional(),
  estimate_bulk_size_using_compression: z.boolean().exactOptional(),
  max_local_compressions_for_estimation: whole.min(0).exactOptional(),
  max_retries: whole.min(1, "must be 1 or more").exactOptional(),
  query_lookup: queryLookup.exactOptional(),
  aws,
  dlq: deadLetterQueue.exactOptional(),
  ...refusedSinkOptions,
  ...sinkOptions,
});
