import { calledFunctions, giveRole } from "../../../core/ingestion/processor-roles.ts";

const aws = { region: "eu-central-1", sts_role_arn: "arn:aws:iam::111122223333:role/pipeline" };

it("names every function once", () => {
  const call = (function_name: unknown) => ({ aws_lambda: { function_name } });
  expect(
    calledFunctions([call("a"), { date: {} }, call("b"), call("a"), call(7), { aws_lambda: null }]),
  ).toEqual(["a", "b"]);
});

it.each([[{ date: { match: [] } }], [{ aws_lambda: null }], [{ aws_lambda: ["enrich"] }]])(
  "leaves alone what calls nothing: %j",
  (processor) => {
    expect(giveRole(processor, aws)).toBe(processor);
  },
);
