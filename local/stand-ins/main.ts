import { parseArgs } from "node:util";
import { makeGateway } from "./gateway.ts";

/** The gateway's process: `main.ts --port 4567 --emulator http://127.0.0.1:4566 --region us-east-1`. */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4567" },
    emulator: { type: "string", default: "http://127.0.0.1:4566" },
    region: { type: "string", default: "us-east-1" },
  },
});
/** Whoever ends this process waits 10 s, and a function may take longer: its batch is delivered again some day. */
const PATIENCE_MILLIS = 5_000;

const gateway = makeGateway({ url: values.emulator, region: values.region });
gateway.server.listen(Number(values.port), "127.0.0.1");
process.once("SIGTERM", () => {
  setTimeout(() => process.exit(0), PATIENCE_MILLIS).unref();
  void gateway.close().finally(() => process.exit(0));
});
