/** The service whose endpoint has no private name, so that functions must be told of it. */
export const STREAMS_SERVICE = "dynamodb-streams";

/** Services that functions reach through a gateway endpoint. */
export const GATEWAY_SERVICES = ["s3", "dynamodb"] as const;

/** Metrics need none: they travel in the functions' logs. */
const INTERFACE_SERVICES = ["sqs", "sns", "states", "sts", STREAMS_SERVICE] as const;

/** Services that functions reach through an interface endpoint. @param declared - what the user lists instead */
export function interfaceServices(
  declared: readonly string[] | undefined,
  readsSecrets: boolean,
): readonly string[] {
  return declared ?? (readsSecrets ? [...INTERFACE_SERVICES, "secretsmanager"] : INTERFACE_SERVICES);
}
