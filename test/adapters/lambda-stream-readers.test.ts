import { LambdaClient } from "@aws-sdk/client-lambda";
import { makeLambdaStreamReaders } from "../../adapters/lambda-stream-readers.ts";
import { answerWith, documented, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const list = (...answers: readonly WireAnswer[]) =>
  makeLambdaStreamReaders(new LambdaClient(answerWith(...answers))).list("arn:stream");

describe("readers of a stream", () => {
  it("are the functions it is mapped to, of all pages, without mappings at rest", async () => {
    const first = {
      body: JSON.stringify({
        EventSourceMappings: [{ UUID: "1", FunctionArn: "f", State: "Enabling" }],
        NextMarker: "more",
      }),
    };
    expect(await list(first, documented("list-event-source-mappings.json"))).toEqual({
      kind: "known",
      value: [
        { id: "1", functionArn: "f" },
        {
          id: "a1b2c3d4-5678-90ab-cdef-11111EXAMPLE",
          functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:send-receipts",
        },
      ],
    });
  });

  it("are not known to who may not list them", async () => {
    expect(await list(jsonError("AccessDeniedException", "no", 403))).toMatchObject({
      kind: "unreadable",
      permission: "lambda:ListEventSourceMappings",
    });
  });
});
