import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { createViteServer } from "vitest/node";

const browserPath = "/usr/bin/chromium";
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Whether the Debian package chromium is installed. */
export const hasChromium = existsSync(browserPath);

/** Opens the page in Chromium, its modules served from the sources. */
export async function openPage(): Promise<{ page: Page; close: () => Promise<void> }> {
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
    const close = async () => {
      await browser.close();
      await server.close();
    };
    try {
      const page = await browser.newPage();
      await page.goto(`${server.resolvedUrls?.local[0]}test/browser/index.html`);
      await page.waitForFunction("globalThis.answers");
      return { page, close };
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.close();
    throw error;
  }
}
