import { toExternalVersion } from "../../core/external-version.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import identityTransform from "../../core/identity-transform.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";

const common = { recordId: "x", key: { id: { S: "x" } }, version: toExternalVersion(1n, "test") };

it("the identity transform makes one document of every record, without calling anybody", async () => {
  const render = makeRenderBatch(identityTransform, () => {
    throw new RangeError("there is no function to call");
  });
  const image = { id: { S: "x" }, price: { N: "0.1234567890123456789" } };
  const change = { ...common, op: "insert", image, sourceTime: 1, position: "1" } as const;
  expect(await render([change], 0)).toEqual([
    {
      kind: "rendered",
      documents: [{ id: "x", source: '{"id":"x","price":0.1234567890123456789}' }],
      formerIds: [],
      fingerprint: fingerprintRecord(image),
    },
  ]);
});
