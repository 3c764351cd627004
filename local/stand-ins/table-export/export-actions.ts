import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { toReason } from "../to-reason.ts";
import { invalid, isRefusal, parseExportRequest, type Refusal } from "./export-request.ts";
import type { Exports } from "./exports.ts";

/** Answers one action of DynamoDB's API. */
type Action = (input: unknown) => Promise<object | Refusal>;

/** Answers a request whose action is an export's. Never rejects. */
export type AnswerExportAction = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const describeSchema = z.object({ ExportArn: z.string() });
const listSchema = z.object({
  TableArn: z.string().optional(),
  MaxResults: z.number().int().min(1).max(25).default(25),
  NextToken: z.string().regex(/^\d+$/).default("0"),
});

/**
 * The actions that are answered here instead of by the emulator, which says COMPLETED and writes nothing.
 *
 * @returns what answers a target (`x-amz-target`), or undefined when the emulator does
 */
export function makeExportActions(exports: Exports): (target: unknown) => AnswerExportAction | undefined {
  const actions: Readonly<Record<string, Action>> = {
    "DynamoDB_20120810.ExportTableToPointInTime": (input) => begin(exports, input),
    "DynamoDB_20120810.DescribeExport": async (input) => describe(exports, input),
    "DynamoDB_20120810.ListExports": async (input) => list(exports, input),
  };
  return (target) => {
    const action = typeof target === "string" ? actions[target] : undefined;
    return action && ((request, response) => respond(action, request, response));
  };
}

async function begin(exports: Exports, input: unknown): Promise<object | Refusal> {
  const request = parseExportRequest(input);
  if (isRefusal(request)) return request;
  const begun = await exports.begin(request);
  return isRefusal(begun) ? begun : { ExportDescription: begun };
}

function describe(exports: Exports, input: unknown): object | Refusal {
  const { ExportArn: arn = "" } = describeSchema.safeParse(input).data ?? {};
  const description = exports.find(arn);
  if (description !== undefined) return { ExportDescription: description };
  return { kind: "refused", type: "ExportNotFoundException", message: `Export not found: ${arn}` };
}

function list(exports: Exports, input: unknown): object | Refusal {
  const parsed = listSchema.safeParse(input);
  if (!parsed.success) return invalid(toReason(parsed.error));
  const { TableArn: tableArn, MaxResults: limit, NextToken: token } = parsed.data;
  const all = exports.all().filter(({ TableArn }) => tableArn === undefined || TableArn === tableArn);
  const end = Number(token) + limit;
  return {
    ExportSummaries: all.slice(Number(token), end).map(({ ExportArn, ExportStatus, ExportType }) => ({
      ExportArn,
      ExportStatus,
      ExportType,
    })),
    ...(end < all.length ? { NextToken: String(end) } : {}),
  };
}

async function respond(action: Action, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const answer = await action(JSON.parse(await text(request)));
    if (isRefusal(answer)) fail(response, 400, answer.type, answer.message);
    else send(response, 200, answer);
  } catch (cause) {
    fail(response, 500, "InternalServerError", toReason(cause));
  }
}

function fail(response: ServerResponse, status: number, type: string, message: string): void {
  send(response, status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}
