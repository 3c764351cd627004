import { parseDeclaration, replaces } from "../../../../local/stand-ins/stream-mapping/declaration.ts";
import { mappingOf, STREAM } from "./shard-fixtures.ts";

const REQUIRED = { EventSourceArn: STREAM, FunctionName: "consumer", StartingPosition: "TRIM_HORIZON" };

describe("a declared stream mapping", () => {
  it("has AWS's defaults where nothing is said", () => {
    expect(parseDeclaration("orders", REQUIRED)).toEqual({
      streamArn: STREAM,
      functionName: "consumer",
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      batchingWindowSeconds: 0,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: -1,
      bisectBatchOnFunctionError: false,
      tumblingWindowSeconds: 0,
      reportBatchItemFailures: false,
      failureDestination: undefined,
      enabled: true,
    });
  });

  it.each([
    ["a filter", { FilterCriteria: { Filters: [] } }, "FilterCriteria: records are not filtered here"],
    ["parallel batches", { ParallelizationFactor: 2 }, "ParallelizationFactor: "],
    ["Kinesis", { EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s" }, "EventSourceArn: "],
    [
      "an S3 destination",
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::b" } } },
      "Destination",
    ],
    ["a record age AWS refuses", { MaximumRecordAgeInSeconds: 30 }, "MaximumRecordAgeInSeconds: "],
    ["a position in time", { StartingPosition: "AT_TIMESTAMP" }, "StartingPosition: "],
    ["a property nobody knows", { BatchSise: 5 }, 'Unrecognized key: "BatchSise"'],
  ])("is refused with %s", (_, properties, fault) => {
    expect(() => parseDeclaration("orders", { ...REQUIRED, ...properties })).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(fault) }),
    );
  });

  it("names every fault at once", () => {
    const declare = () =>
      parseDeclaration("orders", { ...REQUIRED, BatchSize: 0, TumblingWindowInSeconds: 901 });
    expect(declare).toThrow(/orders: BatchSize: .*; TumblingWindowInSeconds: /);
  });

  it("is another mapping only with another stream or starting position", () => {
    const former = mappingOf();
    expect(replaces(mappingOf({ BatchSize: 5, FunctionName: "other", Enabled: false }), former)).toBe(false);
    expect(replaces(mappingOf({ StartingPosition: "LATEST" }), former)).toBe(true);
    expect(replaces(mappingOf({ EventSourceArn: `${STREAM}1` }), former)).toBe(true);
  });
});
