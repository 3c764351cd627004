import { OSISClient } from "@aws-sdk/client-osis";
import { makeOsisValidator } from "../../adapters/osis-validator.ts";
import { answerWith, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const validate = (answer: WireAnswer) =>
  makeOsisValidator(new OSISClient(answerWith(answer))).validate("body");

describe("asking OpenSearch Ingestion about a body", () => {
  it("finds nothing wrong with a valid one", async () => {
    expect(await validate({ body: '{"isValid":true,"Errors":[]}' })).toEqual({ kind: "known", value: [] });
  });

  it("hands over what is wrong, and never takes an invalid body without a reason for a valid one", async () => {
    const wrong = { isValid: false, Errors: [{ Message: "unknown processor: foo" }, {}] };
    expect(await validate({ body: JSON.stringify(wrong) })).toEqual({
      kind: "known",
      value: ["unknown processor: foo", "no reason given"],
    });
    expect(await validate({ body: '{"isValid":false}' })).toEqual({
      kind: "known",
      value: ["no reason given"],
    });
  });

  it("does not take an answer of something else for a valid body", async () => {
    expect(await validate({ body: "{}" })).toMatchObject({ kind: "unreadable" });
    expect(await validate({ status: 400, body: "" })).toMatchObject({ kind: "unreadable" });
  });

  it("names the permission that is denied", async () => {
    expect(await validate(jsonError("AccessDeniedException", "not authorized", 403))).toEqual({
      kind: "unreadable",
      reason: "AccessDeniedException: not authorized",
      permission: "osis:ValidatePipeline",
    });
  });
});
