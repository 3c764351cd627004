import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeAwsStackClient } from "../cli/aws-stack-client.ts";
import type { OpenPage } from "../cli/local-commands.ts";
import { findStack } from "../cli/stack-environment.ts";
import type { Terminal } from "../cli/terminal.ts";
import { SyncError } from "../core/errors.ts";
import { LOCAL_CREDENTIALS } from "./machine/local-account.ts";
import { localFiles } from "./machine/local-folder.ts";
import { makeAuditReports } from "./page/audit-reports.ts";
import { makeDelayWindow } from "./page/delay-window.ts";
import { type ServedPage, servePage } from "./page/page-server.ts";
import { readView } from "./page/page-view.ts";

/** Where the page is unless told otherwise. */
const PAGE_PORT = 18_090;

/** Serves the page until this process is told to end. */
export async function page(terminal: Terminal, port = PAGE_PORT): Promise<OpenPage> {
  const served = await openPage(terminal, port);
  return { url: served.url, ended: untilToldToEnd().then(served.stop) };
}

/**
 * Serves the page of the local stack: what searches find, how late it is, what the last audits found.
 *
 * @param port - 0 takes a free one
 * @throws SyncError `STACK_UNKNOWN` where no stack runs here, `ENGINE_FAILED` where another program has the port
 */
export async function openPage(terminal: Pick<Terminal, "cwd" | "env">, port: number): Promise<ServedPage> {
  const environment = await findStack(terminal, "local");
  const client = makeAwsStackClient(environment);
  const { region, stateBucket, target } = client.descriptor;
  const endpoint = environment.endpoint ?? "";
  const s3 = new S3Client({ region, endpoint, credentials: LOCAL_CREDENTIALS, forcePathStyle: true });
  const reports = makeAuditReports(s3, stateBucket, client.auditReport);
  const delays = makeDelayWindow(join(localFiles.aws, "output.log"), Date.now);
  const deps = {
    // The local engine asks for none of the credentials that the declared target is reached with.
    search: makeSearchConnection({ endpoint: target.endpoint, authentication: { kind: "none" } }, noSecret),
    readTables: async () => {
      // Read anew: an `up` may have changed the tables.
      const { descriptor } = await findStack(terminal, "local");
      return readView({
        client: { ...client, descriptor },
        readDelays: delays.read,
        readAudit: reports.newest,
      });
    },
    readReport: reports.page,
  };
  return servePage(deps, port).catch((cause) => {
    throw portTaken(port, cause);
  });
}

function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
  });
}

function noSecret(): never {
  throw new Error("the local engine wants credentials");
}

function portTaken(port: number, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "the page cannot be served", {
    subject: `127.0.0.1:${port}, ${cause instanceof Error ? cause.message : "no reason given"}`,
    fix: "end what has the port, or choose another one with --port",
    retryable: false,
    cause,
  });
}
