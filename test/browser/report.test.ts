import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHtml } from "../../packages/report/src/index.js";
import { finding, recordOf } from "../../packages/report/test/records.js";
import { hasChromium } from "./chromium.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const found = [finding("vanishing-angles", "at-risk", 3), finding("born-dead", "degenerate", 2)];

describe.skipIf(!hasChromium)("the report in Chromium (skipped without the Debian package chromium)", () => {
  let browser: Awaited<ReturnType<typeof chromium.launch>>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(() => browser.close());

  it.each([
    ["degenerate", 1280, "light", found],
    ["at-risk", 390, "dark", found.slice(0, 1)],
  ] as const)(
    "%s, %d pixels wide, %s: nothing that axe-core finds, no error, no request, no scrolling sideways",
    async (_, width, colorScheme, findings) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const [said, asked]: string[][] = [[], []];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("request", (request) => asked.push(request.url()));
      await page.setContent(checkHtml(recordOf(30, findings)));
      await page.evaluate(axe);
      const { violations } = await page.evaluate<{ violations: { id: string }[] }>("axe.run()");
      const sideways = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect({ violations: violations.map(({ id }) => id), said, asked, sideways }).toEqual({
        violations: [],
        said: [],
        asked: [],
        sideways: 0,
      });
      await page.close();
    },
  );
});
