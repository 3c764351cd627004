import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { findBrowser } from "../../local/setup/browser.ts";

/** Pages a demo leaves behind, and the pictures of them that the README shows. */
const PICTURES = [{ page: ".trueup/demo/audit.html", picture: "docs/pictures/audit.png" }] as const;
/** As wide as a README is shown, as high as the first screen of a report, at twice the density. */
const VIEW = { viewport: { width: 1000, height: 820 }, deviceScaleFactor: 2 };

// Run by hand after a demo (`npm run pictures`): pictures are of real runs.
const missing = PICTURES.filter(({ page }) => !existsSync(page));
if (missing.length > 0) throw new Error("there is nothing to photograph yet; run `npm run demo` first");
await mkdir("docs/pictures", { recursive: true });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const { page, picture } of PICTURES) {
  const tab = await browser.newPage(VIEW);
  await tab.goto(pathToFileURL(resolve(page)).href);
  await tab.screenshot({ path: picture });
  console.log(`${picture} shows ${page}`);
}
await browser.close();
