import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Emulator } from "../emulator.ts";
import { toReason } from "../to-reason.ts";
import type { ExportTaskFacts, ExportTasks, TaskRequest } from "./export-tasks.ts";

/** Answers a request of RDS; one that is not of an export task goes on to the emulator. Never rejects. */
export type AnswerRds = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";
const RDS_SCOPE = /Credential=[^,]+\/rds\/aws4_request/;

/** Whether RDS is asked, by the scope of the signature: the Query protocol names the action only in the body. */
export function asksRds(request: IncomingMessage): boolean {
  return RDS_SCOPE.test(request.headers.authorization ?? "");
}

/**
 * Answers StartExportTask and DescribeExportTasks in AWS's Query protocol.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function makeExportTaskActions(tasks: ExportTasks, emulator: Pick<Emulator, "send">): AnswerRds {
  return async (request, response) => {
    try {
      const body = await text(request);
      const members = new URLSearchParams(body);
      const action = members.get("Action");
      if (action === "StartExportTask") start(tasks, members, response);
      else if (action === "DescribeExportTasks") describe(tasks, members, response);
      else await passOn(emulator, body, response);
    } catch (cause) {
      fail(response, 500, "InternalFailure", toReason(cause));
    }
  };
}

async function passOn(
  { send }: Pick<Emulator, "send">,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send({ service: "rds", headers, body });
  response.writeHead(answer.statusCode ?? 502, {
    "content-type": answer.headers["content-type"] ?? "text/xml",
  });
  response.end(await text(answer));
}

function start(tasks: ExportTasks, members: URLSearchParams, response: ServerResponse): void {
  const begun = tasks.begin(toRequest(members));
  if ("refused" in begun) fail(response, 400, begun.refused, begun.message);
  else succeed(response, "StartExportTask", toXml(begun));
}

function describe(tasks: ExportTasks, members: URLSearchParams, response: ServerResponse): void {
  const identifier = members.get("ExportTaskIdentifier") ?? undefined;
  const found = tasks.list(identifier);
  const listed = found.map((task) => `<ExportTask>${toXml(task)}</ExportTask>`).join("");
  const isUnknown = identifier !== undefined && found.length === 0;
  if (isUnknown) fail(response, 404, "ExportTaskNotFound", `${identifier} is not known`);
  else succeed(response, "DescribeExportTasks", `<ExportTasks>${listed}</ExportTasks>`);
}

function toRequest(members: URLSearchParams): TaskRequest {
  const member = (name: string) => members.get(name) ?? "";
  return {
    ExportTaskIdentifier: member("ExportTaskIdentifier"),
    SourceArn: member("SourceArn"),
    S3BucketName: member("S3BucketName"),
    S3Prefix: member("S3Prefix"),
    IamRoleArn: member("IamRoleArn"),
    KmsKeyId: member("KmsKeyId"),
    ExportOnly: [...members]
      .filter(([name]) => name.startsWith("ExportOnly.member."))
      .map(([, value]) => value),
  };
}

function toXml({ ExportOnly, S3BucketName, ...task }: ExportTaskFacts): string {
  const only = ExportOnly.map((target) => `<member>${escapeXml(target)}</member>`).join("");
  const members = Object.entries({ ...task, S3Bucket: S3BucketName, TotalExtractedDataInGB: "0" });
  return `${members.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join("")}<ExportOnly>${only}</ExportOnly>`;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function succeed(response: ServerResponse, action: string, result: string): void {
  const body = `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`;
  response.writeHead(200, { "content-type": "text/xml" }).end(body);
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  const body = `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`;
  response.writeHead(status, { "content-type": "text/xml" }).end(body);
}
