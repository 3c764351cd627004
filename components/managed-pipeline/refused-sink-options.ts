import { refused } from "./option-schemas.ts";

const SIGNED = "is not taken by OpenSearch Ingestion: it signs as the pipeline's role; remove it";
const LOCAL_FILE = "is a file of Data Prepper's own machine, which OpenSearch Ingestion has none of";
const MOVED = "is deprecated by Data Prepper; write it under aws";

/**
 * Options of the `opensearch` sink that are known and not taken.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-opensearch
 */
export const refusedSinkOptions = {
  username: refused(SIGNED),
  password: refused(SIGNED),
  api_token: refused(SIGNED),
  authentication: refused(SIGNED),
  cert: refused("is not taken by OpenSearch Ingestion, which trusts AWS's certificates; remove it"),
  insecure: refused("is not taken by OpenSearch Ingestion; remove it"),
  proxy: refused("is not taken by OpenSearch Ingestion; remove it"),
  socket_timeout: refused("is set by OpenSearch Ingestion; remove it"),
  dlq_file: refused(`${LOCAL_FILE}; use dlq`),
  ism_policy_file: refused(`${LOCAL_FILE}; make the policy in the domain`),
  template_file: refused(`${LOCAL_FILE}; use template_content`),
  aws_sigv4: refused(MOVED),
  aws_region: refused(MOVED),
  aws_sts_role_arn: refused(MOVED),
  aws_sts_external_id: refused(MOVED),
  aws_sts_header_overrides: refused(MOVED),
  serverless: refused(MOVED),
  serverless_options: refused(MOVED),
  document_id_field: refused("is deprecated by Data Prepper; use document_id"),
  routing_field: refused("is deprecated by Data Prepper; use routing"),
  script: refused("updates documents, and updates take no external version; use mode: custom"),
  pull_indexing: refused("is an experiment of Data Prepper's; remove it"),
};
