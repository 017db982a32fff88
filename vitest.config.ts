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
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts", "apps/cli/src/**/*.ts"] },
  },
});
