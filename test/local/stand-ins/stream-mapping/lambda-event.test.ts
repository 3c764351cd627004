import { toFailureRecord } from "../../../../local/stand-ins/stream-mapping/failure-record.ts";
import { toLambdaEvent } from "../../../../local/stand-ins/stream-mapping/lambda-event.ts";
import { toShardRecord } from "../../../../local/stand-ins/stream-mapping/shard-record.ts";
import { mappingOf, recordOf, STREAM } from "./shard-fixtures.ts";

describe("an event", () => {
  it("has a stream's record in the shape Lambda gives it, every value as it was", () => {
    const dynamodb = {
      ApproximateCreationDateTime: 1_479_499_740,
      Keys: { id: { B: "AAECAw==" } },
      NewImage: { id: { B: "AAECAw==" }, text: { S: "ß \u2028 😀" }, n: { N: "12345678901234567890.5" } },
      SequenceNumber: "111",
      SizeBytes: 26,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    };
    const wire = {
      eventID: "1",
      eventName: "INSERT" as const,
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb,
    };
    expect(JSON.parse(toLambdaEvent([toShardRecord(wire, STREAM)], undefined))).toEqual({
      Records: [{ ...wire, eventSourceARN: STREAM }],
    });
  });

  it("of a tumbling window names the window, the state and the shard", () => {
    const window = { startSeconds: 1_596_128_400, endSeconds: 1_596_128_700, state: { a: 1 }, changedAt: 0 };
    const place = { window, shardId: "shard-1", streamArn: STREAM, final: "early" as const };
    expect(JSON.parse(toLambdaEvent([], place))).toEqual({
      Records: [],
      window: { start: "2020-07-30T17:00:00Z", end: "2020-07-30T17:05:00Z" },
      state: { a: 1 },
      shardId: "shard-1",
      eventSourceARN: STREAM,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: true,
    });
  });
});

describe("what an on-failure destination is told", () => {
  const records = [recordOf(7, 1_000), recordOf(8, 1_002)];
  const tell = (failures: number, functionError: boolean) =>
    toFailureRecord(
      { batch: { records, failures, functionError }, records, condition: "RetryAttemptsExhausted" },
      mappingOf(),
      "shard-1",
      "request",
      1_000_000_000_000,
    );

  it("is where the records lie, and how the function failed", () => {
    expect(tell(3, true)).toEqual({
      requestContext: {
        requestId: "request",
        functionArn: "arn:aws:lambda:us-east-1:123456789012:function:consumer",
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: "2001-09-09T01:46:40.000Z",
      DDBStreamBatchInfo: {
        shardId: "shard-1",
        startSequenceNumber: "7",
        endSequenceNumber: "8",
        approximateArrivalOfFirstRecord: "1970-01-01T00:16:40Z",
        approximateArrivalOfLastRecord: "1970-01-01T00:16:42Z",
        batchSize: 2,
        streamArn: STREAM,
      },
    });
  });

  it("names no function error that there was not, and no response to a batch that was never sent", () => {
    expect(tell(1, false).responseContext).toEqual({ statusCode: 200, executedVersion: "$LATEST" });
    expect(tell(0, false)).not.toHaveProperty("responseContext");
  });
});
