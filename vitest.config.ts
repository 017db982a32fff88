import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@sonde/source"];
/** Mutation tests ask the tests of one package alone. */
const libraries = [`${process.env.SONDE_TESTED ?? "packages/*"}/test/**/*.test.ts`];
const commands = "apps/cli/test/**/*.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      // Neither libraries nor commands have global state: their test files share processes, which load every module once.
      { extends: true, test: { name: "libraries", include: libraries, isolate: false } },
      {
        extends: true,
        test: { name: "commands", include: [commands], isolate: false, globalSetup: "./test/built.mjs" },
      },
      {
        extends: true,
        test: { name: "whole", include: ["apps/*/test/**/*.test.ts", "test/**/*.test.{ts,mjs}"], exclude: [commands] },
      },
    ],
    // Two cores are two processes: one of them hardly does anything but wait for the other otherwise.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // No test is about time: a busy machine must not fail one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: [new URL("./test/setup.ts", import.meta.url).pathname],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts", "apps/cli/src/**/*.ts"] },
  },
});
