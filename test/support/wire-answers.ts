import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "../fixtures/check");

/** An answer of a service, as it travels. */
export interface WireAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that AWS documents, kept in `test/fixtures/check`. */
export function documented(file: string): WireAnswer {
  return { body: readFileSync(join(FOLDER, file), "utf8") };
}

/** An error of a service that speaks JSON. */
export function jsonError(name: string, message: string, status = 400): WireAnswer {
  return { status, headers: { "x-amzn-errortype": name }, body: JSON.stringify({ __type: name, message }) };
}

/** An error of a service that speaks XML. */
export function xmlError(name: string, message: string, status = 400): WireAnswer {
  const error = `<Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<ErrorResponse>${error}</ErrorResponse>` };
}

/** What an SDK client is made with to get these answers, in order, from nobody: its own reading of them is real. */
export function answerWith(...answers: readonly WireAnswer[]) {
  const left = [...answers];
  const handle = async () => {
    const { status = 200, headers = {}, body } = left.shift() ?? { status: 500, body: "no answer is left" };
    return { response: { statusCode: status, headers: { ...headers }, body: Buffer.from(body) } };
  };
  return {
    region: "eu-central-1",
    endpoint: "http://127.0.0.1:1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: { handle, updateHttpClientConfig: () => {}, httpHandlerConfigs: () => ({}) },
  };
}
