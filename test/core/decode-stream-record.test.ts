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

  it("keeps the old image of a delete where the stream has it, and claims none where it has not", () => {
    const { NewImage: _new, OldImage: oldImage, ...removed } = change;
    expect(decode({ eventName: "REMOVE", dynamodb: { ...removed, OldImage: oldImage } })).toMatchObject({
      oldImage,
    });
    expect(decode({ eventName: "REMOVE", dynamodb: removed })).not.toHaveProperty("oldImage");
  });

  it("takes a change without an old image for an insert, which overwrites as much", () => {
    const { OldImage: _none, ...changed } = change;
    expect(decode({ eventName: "MODIFY", dynamodb: changed })).toMatchObject({
      op: "insert",
      image: change.NewImage,
    });
  });

  it("decodes a record without a sequence number, whose place only a dead letter would tell", () => {
    const { SequenceNumber: _none, ...changed } = change;
    expect(decode({ eventName: "INSERT", dynamodb: changed })).toMatchObject({ recordId: "x", position: "" });
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

  it.each([undefined, 0, -1, Number.NaN, now / 1000 + 3_601])(
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
