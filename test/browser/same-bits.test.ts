import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { createViteServer } from "vitest/node";
import { digests } from "./digest.js";

const browserPath = "/usr/bin/chromium";
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the page computes, its modules served from the sources. */
async function digestsInChromium(): Promise<Record<string, string>> {
  const server = await createViteServer({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@sonde/source", "module", "browser"] },
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  try {
    await server.listen();
    const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.resolvedUrls?.local[0]}test/browser/index.html`);
      await page.waitForFunction("globalThis.result");
      return await page.evaluate<Record<string, string>>("globalThis.result");
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

it.skipIf(!existsSync(browserPath))(
  "mathematics, random draws and kernels give the same bits in Chromium as in Node (skipped without the Debian package chromium)",
  { timeout: 60_000 },
  async () => {
    expect(await digestsInChromium()).toEqual(await digests());
  },
);
