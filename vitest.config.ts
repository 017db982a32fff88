import { defineConfig } from "vitest/config";

const conditions = ["@sonde/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "test/**/*.test.{ts,mjs}"] },
      },
    ],
    // No test is about time: a busy machine must not fail one.
    testTimeout: 120_000,
    setupFiles: [new URL("./test/setup.ts", import.meta.url).pathname],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts", "apps/cli/src/**/*.ts"] },
  },
});
