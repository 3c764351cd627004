import { makeExportByForm } from "../../core/export-by-form.ts";
import type { TableExport } from "../../core/ports/table-export.ts";

function makeExport(exportArn: string): TableExport {
  return {
    start: async () => ({ exportArn, exportTime: 1 }),
    find: async () => ({ exportArn, exportTime: 2 }),
    check: async () => ({ state: "failed", cause: exportArn }),
    files: async () => [{ bucket: "state", key: exportArn }],
  };
}

const CLUSTER = "arn:aws:rds:us-east-1:123456789012:cluster:shop/token";
const QUERIED = "exports/orders/token";
const exports = makeExportByForm(makeExport(CLUSTER), makeExport(QUERIED));
const request = { bucket: "state", prefix: "exports/orders", token: "token" };

it.each([
  ["by the cluster", undefined, CLUSTER],
  ["by the cluster", "record", CLUSTER],
  ["by a query where they are wanted as a pipeline sends them", "sent", QUERIED],
] as const)("exports rows %s: %s", async (_, form, exportArn) => {
  expect(await exports.start({ ...request, ...(form === undefined ? {} : { form }) })).toMatchObject({
    exportArn,
  });
});

it.each([CLUSTER, QUERIED])("looks at an export where it was made: %s", async (exportArn) => {
  expect(await exports.check(exportArn, () => true)).toMatchObject({ cause: exportArn });
  expect(await exports.files(exportArn)).toEqual([{ bucket: "state", key: exportArn }]);
});

it("looks for others' exports where they can be", async () => {
  expect(await exports.find("exports/orders")).toMatchObject({ exportArn: CLUSTER });
});
