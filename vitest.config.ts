import { defineConfig } from "vitest/config";

const conditions = ["@sonde/source"];
/** Mutation tests ask the tests of one package alone. */
const libraries = [`${process.env.SONDE_TESTED ?? "packages/*"}/test/**/*.test.ts`];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      // Libraries have no global state: their test files share one process, which loads every module once.
      { extends: true, test: { name: "libraries", include: libraries, isolate: false } },
      { extends: true, test: { name: "apps", include: ["apps/*/test/**/*.test.ts", "test/**/*.test.{ts,mjs}"] } },
    ],
    // No test is about time: a busy machine must not fail one.
    testTimeout: 120_000,
    setupFiles: [new URL("./test/setup.ts", import.meta.url).pathname],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts", "apps/cli/src/**/*.ts"] },
  },
});
