import { existsSync } from "node:fs";
import { SyncError } from "../../core/errors.ts";

const DEBIANS = "/usr/bin/chromium";

/**
 * A Chromium for tests of pages and for pictures: the one `CHROMIUM` names, or Debian's.
 *
 * @throws SyncError `PREREQUISITE_MISSING` when it is not installed (not retryable)
 */
export function findBrowser(): string {
  const browser = process.env["CHROMIUM"] ?? DEBIANS;
  if (existsSync(browser)) return browser;
  throw new SyncError("PREREQUISITE_MISSING", "Chromium is not installed", {
    subject: browser,
    fix: "run `apt-get install -y chromium`, or name another one with CHROMIUM",
    retryable: false,
  });
}
