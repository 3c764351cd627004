import { createServer, type Server } from "node:http";
import { CreateFunctionCommand, DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { buildSync } from "esbuild";
import { strToU8, zipSync } from "fflate";

/** The emulator of this run, for SDK clients. */
export const aws = {
  endpoint: process.env["TRUEUP_TEST_AWS"] ?? "",
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
};

const lambda = new LambdaClient(aws);
const ROLE = "arn:aws:iam::123456789012:role/test";

/** Answers one invocation of a stub; throwing fails the invocation. */
export type Answer = (event: Record<string, unknown>) => unknown;

/** Functions whose code runs in the test: each invocation is handed to it over HTTP. */
export async function startStubs(answers: Readonly<Record<string, Answer>>) {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      try {
        response.end(JSON.stringify(answers[request.url?.slice(1) ?? ""]?.(JSON.parse(text)) ?? null));
      } catch (failure) {
        response.writeHead(500).end(String(failure));
      }
    });
  });
  const port = await listen(server);
  const names = Object.keys(answers).map((name) => ({ name, functionName: `${name}-${process.pid}` }));
  for (const { name, functionName } of names) {
    await createFunction(functionName, stubCode(`http://127.0.0.1:${port}/${name}`), {});
  }
  return {
    arnOf: (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}-${process.pid}`,
    stop: async () => {
      for (const { functionName } of names) await deleteFunction(functionName);
      server.close();
    },
  };
}

/** Bundles an entry as the program does, and makes a function of it. */
export async function createEntryFunction(
  functionName: string,
  entry: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    // As components/function-code.ts does: the Kafka client's other build reads a file beside itself.
    alias: { "@platformatic/wasm-utils": "@platformatic/wasm-utils/bundled" },
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: {
      js: 'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);',
    },
  });
  await createFunction(functionName, outputFiles[0]?.text ?? "", variables);
}

export async function deleteFunction(FunctionName: string): Promise<void> {
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
}

async function createFunction(
  FunctionName: string,
  code: string,
  Variables: Readonly<Record<string, string>>,
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: ROLE,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 60,
      Code: { ZipFile: zipSync({ "index.mjs": strToU8(code) }) },
      Environment: { Variables: { ...Variables } },
    }),
  );
}

function stubCode(url: string): string {
  return `export async function handler(event) {
    const answer = await fetch(${JSON.stringify(url)}, { method: "POST", body: JSON.stringify(event) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }`;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
