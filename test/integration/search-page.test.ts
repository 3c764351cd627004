/** The page in a real browser, over a real search engine. What it shows of a stack is made here. */
import { randomUUID } from "node:crypto";
import { type Browser, chromium, type Page } from "playwright-core";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { type ServedPage, servePage } from "../../local/page/page-server.ts";
import type { TableView } from "../../local/page/page-view.ts";
import { findBrowser } from "../../local/setup/browser.ts";

const ENGINE = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const index = `page-${randomUUID()}`;
const search = makeSearchConnection({ endpoint: ENGINE, authentication: { kind: "none" } }, () => {
  throw new Error("no credentials are needed");
});
const DIGITS = "12345678901234567890123456789012345678";
const EVIL = "<img src=x onerror=alert(1)>";

let table: TableView = {
  table: "places",
  alias: index,
  source: "DynamoDB places",
  serving: "places-custom-1",
  generations: [
    { generation: "places-custom-1", phase: "serving", documents: 3, deadLetters: 0, isServing: true },
  ],
};
let served: ServedPage;
let browser: Browser;
let tab: Page;
const dialogs: string[] = [];

jest.setTimeout(120_000);

const put = (id: string, source: string) =>
  search({
    method: "PUT",
    path: `/${index}/_doc/${encodeURIComponent(id)}`,
    query: "refresh=true",
    body: source,
  });

beforeAll(async () => {
  const mappings = { properties: { population: { type: "keyword" } } };
  await search({ method: "PUT", path: `/${index}`, body: JSON.stringify({ mappings }) });
  await put("berlin", `{"name":"Berlin","population":${DIGITS}}`);
  await put("paris", '{"name":"Paris","story":"a city of light"}');
  await put("odd|key", JSON.stringify({ name: `Bern ${EVIL}`, tags: ["<b>", "é"] }));
  const reports: string[] = [];
  served = await servePage(
    {
      search,
      readTables: async () => [table],
      readReport: async (name, run) => {
        reports.push(`${name} ${run}`);
        return `<h1>report of ${run}</h1>`;
      },
    },
    0,
  );
  browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  tab = await browser.newPage({ viewport: { width: 390, height: 800 } });
  tab.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await tab.goto(served.url);
});

afterAll(async () => {
  await browser?.close();
  await served?.stop();
  await search({ method: "DELETE", path: `/${index}` });
});

it("shows what was written last before anything is typed, each digit of it", async () => {
  await tab.getByText("3 documents in", { exact: false }).waitFor();
  expect(await tab.locator(".hit").first().innerText()).toContain("Bern");
  expect(await tab.locator("#hits").innerText()).toContain(DIGITS);
});

it("finds while a word is typed, marks it, and runs nothing of a document", async () => {
  await tab.fill("#words", "ber");
  await tab.getByText("2 documents in", { exact: false }).waitFor();
  expect((await tab.locator("mark").allInnerTexts()).sort()).toEqual(["Berlin", "Bern"]);
  expect(await tab.locator("#hits").innerText()).toContain(EVIL);
  expect(await tab.locator("#hits img").count()).toBe(0);
  expect(dialogs).toEqual([]);
});

it("shows a change that arrives, without a reload", async () => {
  await put("berlin", '{"name":"Berlin","mayor":"somebody new"}');
  await tab.locator(".hit.fresh", { hasText: "somebody new" }).waitFor();
  await put("bergen", '{"name":"Bergen"}');
  await tab.getByText("3 documents in", { exact: false }).waitFor();
});

it("shows delay, generations and drift as they come, and leads to the audit's own page", async () => {
  table = {
    ...table,
    generations: [
      ...table.generations.map((one) => ({
        ...one,
        delay: { p50Millis: 41.6, p99Millis: 289, documentsPerSecond: 300 },
      })),
      {
        generation: "places-custom-2",
        phase: "loading",
        documents: 1,
        deadLetters: 2,
        isServing: false,
        blockedBy: "it is still being loaded",
      },
    ],
    audit: {
      run: "run 1/ä",
      finishedAt: new Date().toISOString(),
      records: 1_000,
      drift: { missing: 7, stale: 0, orphaned: 0, altered: 0 },
      repaired: 7,
      remaining: 0,
    },
  };
  const card = tab.locator(".table");
  await card.getByText("p50 42 ms, p99 289 ms").waitFor();
  expect(await card.innerText()).toMatch(
    /places-custom-2\s+loading[\s\S]+dead letters\s+2[\s\S]+it is still being loaded/,
  );
  expect(await card.innerText()).toMatch(/7 missing[\s\S]+7, 0 left/);
  await card.getByRole("link").click();
  expect(await tab.locator("h1").innerText()).toBe("report of run 1/ä");
  await tab.goBack();
});

it("fits a phone", async () => {
  await tab.locator(".table").waitFor();
  const wide = await tab.evaluate("document.documentElement.scrollWidth");
  expect(wide).toBe(tab.viewportSize()?.width);
});
