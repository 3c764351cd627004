import { decodeStreamRecord, type StreamRecord } from "../../core/decode-stream-record.ts";

const tableKey = { partitionKey: { name: "id", type: "S" } } as const;
const now = 1_800_000_000_000;
const change = {
  ApproximateCreationDateTime: 1_799_999_999.75,
  Keys: { id: { S: "x" } },
  NewImage: { id: { S: "x" }, n: { N: "1" } },
  OldImage: { id: { S: "x" } },
  SequenceNumber: "111",
};
const decode = (record: StreamRecord) => decodeStreamRecord(record, tableKey, now);

describe("decoding a stream record", () => {
  it("versions by the whole second and keeps the milliseconds for the delay", () => {
    expect(decode({ eventName: "MODIFY", dynamodb: change })).toMatchObject({
      op: "update",
      recordId: "x",
      version: 1_799_999_999_000_000n,
      sourceTime: 1_799_999_999_750,
      position: "111",
    });
  });

  it("needs no new image for a delete", () => {
    const { NewImage: _none, ...removed } = change;
    expect(decode({ eventName: "REMOVE", dynamodb: removed })).toMatchObject({ op: "delete", recordId: "x" });
  });

  it.each<[string, StreamRecord]>([
    ["nothing at all", {}],
    ["no key", { eventName: "INSERT", dynamodb: { ...change, Keys: undefined } }],
    ["a key of another type", { eventName: "INSERT", dynamodb: { ...change, Keys: { id: { N: "1" } } } }],
    ["no new image", { eventName: "INSERT", dynamodb: { ...change, NewImage: undefined } }],
    ["an unknown event", { eventName: "TRUNCATE", dynamodb: change }],
  ])("refuses %s", (_what, record) => {
    expect(() => decode(record)).toThrow(/^EVENT_UNDECODABLE/);
  });

  it.each([0, -1, Number.NaN, now / 1000 + 3_601])(
    "refuses creation time %p",
    (ApproximateCreationDateTime) => {
      const record = { eventName: "INSERT", dynamodb: { ...change, ApproximateCreationDateTime } };
      expect(() => decode(record)).toThrow(/^POSITION_INVALID/);
    },
  );

  it("bears a clock that is up to an hour ahead", () => {
    const ApproximateCreationDateTime = now / 1000 + 3_599;
    expect(decode({ eventName: "INSERT", dynamodb: { ...change, ApproximateCreationDateTime } }).op).toBe(
      "insert",
    );
  });
});
