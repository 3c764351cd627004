import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import type { StreamReader, StreamReaders } from "../core/ports/source-facts.ts";
import { readFact } from "./read-fact.ts";

/** A mapping in one of these states reads nothing, and will not by itself. */
const AT_REST = ["Disabled", "Deleting"];

/**
 * Lists the functions a stream is mapped to. Readers that are no functions (pipelines, applications) are not known to
 * anybody but themselves.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
 */
export function makeLambdaStreamReaders(client: LambdaClient): StreamReaders {
  const question = { permission: "lambda:ListEventSourceMappings", absent: ["ResourceNotFoundException"] };
  return { list: (streamArn) => readFact(question, () => listReaders(client, streamArn)) };
}

async function listReaders(client: LambdaClient, EventSourceArn: string): Promise<readonly StreamReader[]> {
  const mappings: EventSourceMappingConfiguration[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListEventSourceMappingsCommand({ EventSourceArn, Marker }));
    mappings.push(...(page.EventSourceMappings ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== "");
  return mappings
    .filter(({ State = "" }) => !AT_REST.includes(State))
    .map(({ UUID = "", FunctionArn = "" }) => ({ id: UUID, functionArn: FunctionArn }));
}
