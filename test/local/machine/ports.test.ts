import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { localFiles, localFolder } from "../../../local/machine/local-folder.ts";
import { takePorts } from "../../../local/machine/ports.ts";

jest.mock("../../../local/machine/local-folder.ts", () => {
  const { mkdtempSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
  const { tmpdir } = jest.requireActual<typeof import("node:os")>("node:os");
  const localFolder = mkdtempSync(`${tmpdir()}/trueup-ports-`);
  return { localFolder, localFiles: { ports: `${localFolder}/ports.json` } };
});

/** Ports on which somebody else listens; real ones would be those of a stack that runs here. */
const mockTaken = new Set<number>();
jest.mock("node:net", () => ({ createServer: () => new (makeFakeServer())() }));

/** A server on a machine whose next free port is 40,000 and one more each time. */
function makeFakeServer() {
  const { EventEmitter } = jest.requireActual<typeof import("node:events")>("node:events");
  return class extends EventEmitter {
    #port = 0;
    listen(port: number, host: string, done: () => void): void {
      if (host !== "127.0.0.1") throw new RangeError("engines listen on 127.0.0.1 alone");
      this.#port = port === 0 ? 40_000 + mockTaken.size : port;
      if (mockTaken.has(this.#port)) this.emit("error", new Error("EADDRINUSE"));
      else done();
    }
    address() {
      return { port: this.#port };
    }
    close(done: () => void): void {
      mockTaken.add(this.#port);
      done();
    }
  };
}

const preferred = {
  aws: 14_566,
  emulator: 14_567,
  search: 19_200,
  postgres: 15_432,
  kafka: 19_092,
  kafkaController: 19_093,
};

describe("takePorts", () => {
  beforeEach(() => {
    mockTaken.clear();
    mkdirSync(localFolder, { recursive: true });
  });
  afterEach(() => rmSync(localFolder, { recursive: true, force: true }));

  it("takes the ports that people remember where they are free", async () => {
    expect(await takePorts()).toEqual(preferred);
  });

  it("takes another port for each that is taken, and only for those", async () => {
    mockTaken.add(preferred.aws);
    mockTaken.add(preferred.search);
    const { aws, emulator, search } = await takePorts();
    expect(emulator).toBe(preferred.emulator);
    expect(aws).toBeGreaterThanOrEqual(40_000);
    expect(search).toBeGreaterThanOrEqual(40_000);
    expect(search).not.toBe(aws);
  });

  it("stays with the ports it took, free or not, until the stack goes down", async () => {
    mockTaken.add(preferred.search);
    const first = await takePorts();
    expect(JSON.parse(readFileSync(localFiles.ports, "utf8"))).toEqual(first);
    expect(await takePorts()).toEqual(first);
    rmSync(localFolder, { recursive: true });
    mkdirSync(localFolder);
    mockTaken.clear();
    expect(await takePorts()).toEqual(preferred);
    expect(existsSync(localFiles.ports)).toBe(true);
  });
});
