import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { EnvironmentDescriptor } from "../../../core/table-descriptor.ts";
import { writeEndpoints } from "../../../local/machine/endpoints.ts";
import { localFiles, localFolder } from "../../../local/machine/local-folder.ts";
import type { Json } from "../../../local/synth/json.ts";
import { tableOf } from "../../index-lifecycle/fake-deps.ts";

jest.mock("../../../local/machine/local-folder.ts", () => {
  const { mkdtempSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
  const { tmpdir } = jest.requireActual<typeof import("node:os")>("node:os");
  const localFolder = mkdtempSync(`${tmpdir()}/trueup-endpoints-`);
  const [endpoints, environment] = [`${localFolder}/endpoints.json`, `${localFolder}/environment.json`];
  return { localFolder, localFiles: { endpoints, environment } };
});

const descriptor: EnvironmentDescriptor = {
  environment: "local",
  region: "eu-west-1",
  accountId: "123456789012",
  stateBucket: "state",
  target: { endpoint: "http://127.0.0.1:1", authentication: { kind: "none" } },
  lifecycleFunction: "lifecycle",
  auditFunction: "audit",
  auditStateMachine: "audit-machine",
  topicArn: "topic",
  tables: { orders: tableOf([1, 2]), places: tableOf([1], "places") },
};
/** As the program exports it. */
const toJson = (exported: EnvironmentDescriptor): Json => JSON.parse(JSON.stringify(exported));
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

describe("writeEndpoints", () => {
  const aliases = new Map<string, object>();
  let server: Server;
  let search: string;

  beforeAll(async () => {
    server = createServer(({ url = "" }, response) => {
      const alias = aliases.get(decodeURIComponent(url));
      response.writeHead(alias === undefined ? 404 : 200);
      response.end(JSON.stringify(alias ?? { error: "alias missing", status: 404 }));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    search = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  beforeEach(() => aliases.clear());
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
    rmSync(localFolder, { recursive: true, force: true });
  });
  const write = (exported = toJson(descriptor)) =>
    writeEndpoints({ aws: "http://127.0.0.1:2", search, streaming: undefined }, "eu-west-1", exported);

  it("writes where the stack is, and each table's source, alias and index", async () => {
    aliases.set("/_alias/orders", { "orders-custom-1": { aliases: { orders: {} } } });
    const endpoints = await write();
    expect(endpoints).toEqual({
      aws: "http://127.0.0.1:2",
      search,
      region: "eu-west-1",
      accountId: "123456789012",
      tables: {
        orders: { source: "orders-source", alias: "orders", index: "orders-custom-1" },
        places: { source: "places-source", alias: "places", index: "places-custom-1" },
      },
    });
    expect(readJson(localFiles.endpoints)).toEqual(endpoints);
  });

  it("names the index that serves, and before the first cutover the newest generation's", async () => {
    expect((await write()).tables["orders"]?.index).toBe("orders-custom-2");
    aliases.set("/_alias/orders", { "orders-custom-1": { aliases: { orders: {} } } });
    expect((await write()).tables["orders"]?.index).toBe("orders-custom-1");
    aliases.set("/_alias/orders", { "adopted-index": { aliases: { orders: {} } } });
    expect((await write()).tables["orders"]?.index).toBe("adopted-index");
  });

  it("writes what the stack exports, for the command line", async () => {
    await write();
    expect(readJson(localFiles.environment)).toEqual(descriptor);
  });

  it("has no tables where the stack declares none", async () => {
    expect((await write(toJson({ ...descriptor, tables: {} }))).tables).toEqual({});
  });

  it("refuses what is no stack's export, and leaves the last endpoints alone", async () => {
    const before = await write();
    await expect(write({ environment: "local" })).rejects.toThrow("stateBucket");
    expect(readJson(localFiles.endpoints)).toEqual(before);
  });
});
