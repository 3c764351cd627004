/**
 * The function that is deployed, built with a transform that is enriched, in a process of its own. AWS, the index and the API
 * behind the enrichment are one server that answers as they do; what each is asked is what is looked at here.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import * as z from "zod";
import { makeCodeBuilder } from "../../components/function-code.ts";
import { type ConsumerSettings, SETTINGS_VARIABLE } from "../../core/settings.ts";
import { PROJECT_ROOT } from "../support/stack-files.ts";

const TRANSFORM = `
import { defineTransform } from "trueup/transform";
export default defineTransform({
  documents: "one",
  enrichments: {
    weather: {
      keyOf: ({ item }) => item.city,
      fetchMany: async (keys, { fetch, secrets, configuration }) => {
        const answer = await fetch(configuration.url + "?" + keys.join(), { headers: { "api-key": secrets.apiKey } });
        if (!answer.ok) throw new Error("weather answered " + answer.status);
        return answer.json();
      },
      retries: 1,
      whenItFails: "index-without",
    },
  },
  transform: (records) => records.map(({ item, enriched: { weather } }) => ({ ...item, weather })),
});`;

const SCRIPT = `
const { handler } = await import("./index.mjs");
const records = ["Rome", "Nowhere"].map((city, place) => ({
  eventName: "INSERT",
  dynamodb: {
    ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
    Keys: { id: { S: city } },
    NewImage: { id: { S: city }, city: { S: city } },
    SequenceNumber: String(place + 1),
  },
}));
const answer = await handler({ Records: records, shardId: "s" }, { getRemainingTimeInMillis: () => 30_000 });
console.log("ANSWER " + JSON.stringify(answer));`;

const sentSchema = z.object({
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })),
});

interface Asked {
  readonly path: string;
  readonly apiKey: string;
  readonly body: string;
}

/** Answers as Secrets Manager, SQS, the index, S3 and a weather service that knows no place called Nowhere. */
function answerTo({ path, body }: Asked, target: string): readonly [status: number, answer: object] {
  if (target.endsWith("GetSecretValue")) return [200, { SecretString: "s3cret" }];
  if (target.endsWith("SendMessageBatch")) {
    const { Entries } = sentSchema.parse(JSON.parse(body));
    const Successful = Entries.map(({ Id, MessageBody }) => {
      const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
      return { Id, MessageId: Id, MD5OfMessageBody };
    });
    return [200, { Successful, Failed: [] }];
  }
  if (path.startsWith("/weather")) return path.includes("Nowhere") ? [503, {}] : [200, ["sunny"]];
  if (path.includes("_settings")) return [200, { i: { settings: { index: { uuid: "u" } } } }];
  if (!path.includes("_bulk")) return [200, {}];
  const count = body.trim().split("\n").length / 2;
  return [
    200,
    {
      items: Array.from({ length: count }, (_, _seq_no) => ({
        index: { status: 201, _seq_no, _primary_term: 1 },
      })),
    },
  ];
}

async function runFunction(
  folder: string,
): Promise<{ readonly asked: readonly Asked[]; readonly out: string }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const one = { path: request.url ?? "", apiKey: String(request.headers["api-key"] ?? ""), body };
      asked.push(one);
      const [status, answer] = answerTo(one, String(request.headers["x-amz-target"] ?? ""));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    [SETTINGS_VARIABLE]: JSON.stringify(settingsAt(url)),
  };
  try {
    const args = ["--input-type=module", "-e", SCRIPT];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
    return { asked, out: stdout };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function settingsAt(url: string): ConsumerSettings {
  return {
    environment: "shop",
    table: "orders",
    generation: "orders-custom-1",
    mode: "custom",
    indexUuid: "u",
    writeAlias: "orders-custom-1-write",
    target: { endpoint: url, authentication: { kind: "none" } },
    stateBucket: "state",
    transformHash: "h",
    transformConfiguration: { url: `${url}/weather` },
    transformSecrets: { apiKey: "arn:secret" },
    deadLetterQueueUrl: `${url}/1/letters`,
    reindexQueueUrl: `${url}/1/requests.fifo`,
    touches: false,
    source: { kind: "dynamodb", tableName: "orders", key: { partitionKey: { name: "id", type: "S" } } },
  };
}

let folder = "";
let run: Awaited<ReturnType<typeof runFunction>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trueup-enriched-"));
  const transformFile = join(folder, "orders.ts");
  writeFileSync(transformFile, TRANSFORM);
  const { file } = makeCodeBuilder(PROJECT_ROOT).build("fallback-consumer/dynamodb-stream", transformFile);
  writeFileSync(join(folder, "index.mjs"), unzipSync(readFileSync(file))["index.mjs"] ?? "");
  run = await runFunction(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const askedFor = (part: string) => run.asked.filter(({ path }) => path.includes(part));

describe("a deployed function with an enriched transform", () => {
  it("acknowledges its batch, with the document of what could be fetched and of what could not", () => {
    expect(run.out).toContain('ANSWER {"batchItemFailures":[],"state":{}}');
    const lines = askedFor("_bulk").flatMap(({ body }) => body.trim().split("\n"));
    expect(lines.filter((line) => line.includes("city"))).toEqual([
      '{"id":"Rome","city":"Rome","weather":"sunny"}',
      '{"id":"Nowhere","city":"Nowhere"}',
    ]);
  });

  it("asks for both at once with the secret it read, then once more, then for each alone", () => {
    expect(askedFor("/weather").map(({ path, apiKey }) => `${path} ${apiKey}`)).toEqual([
      "/weather?Rome,Nowhere s3cret",
      "/weather?Rome,Nowhere s3cret",
      "/weather?Rome s3cret",
      "/weather?Nowhere s3cret",
    ]);
  });

  it("asks for the other to be read again, before its manifest segment acknowledges it", () => {
    const isRequest = ({ body }: Asked) => body.includes("requests.fifo");
    const requests = run.asked.filter(isRequest);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body).toMatch(/reason.*enrichment.*recordId.*Nowhere/);
    const segment = run.asked.findIndex(({ path }) => path.includes("/manifest/"));
    expect(segment).toBeGreaterThan(run.asked.findIndex(isRequest));
  });
});
