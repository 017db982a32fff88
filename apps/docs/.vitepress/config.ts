import { readFileSync, statSync } from "node:fs";
import { defineConfig, type Plugin } from "vitepress";

const { version } = JSON.parse(readFileSync(new URL("../../cli/package.json", import.meta.url), "utf8"));

/** What the doctor has to load where a model needs it. */
const runtime = new URL("../node_modules/onnxruntime-web/", import.meta.url);
const onnxruntime = {
  version: JSON.parse(readFileSync(new URL("package.json", runtime), "utf8")).version,
  bytes: statSync(new URL("dist/ort-wasm-simd-threaded.wasm", runtime)).size,
};

/** Without the API's pages the site builds in a third of the time, for who works on the others. */
const withApi = process.env.SONDE_DOCS_API !== "no";

/** The pages of the API, as written by scripts/api.mjs. */
const api = withApi ? JSON.parse(readFileSync(new URL("../api/typedoc-sidebar.json", import.meta.url), "utf8")) : [];

/** What is only to be checked needs no colours, no search and no small files: most of the time of a build. */
const checkOnly = process.env.SONDE_DOCS_CHECK === "yes";

const plainCode = (code: string) => `<pre v-pre><code>${code.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</code></pre>`;

const base = process.env.SONDE_DOCS_BASE ?? "/";

/** Pages are rendered without their workers, so that the engine is bundled for browsers alone. */
const withoutWorkers: Plugin = {
  name: "without-workers",
  enforce: "pre",
  load: (id, options) =>
    options?.ssr && id.endsWith("/open-worker.ts")
      ? 'export const noEngine = ""; export function openWorker() { throw new Error("pages are rendered without workers"); }'
      : undefined,
};

export default defineConfig({
  title: "Sonde",
  description: "Tells you, before you train a deep network, whether it can be trained, what will stop it and in which layer.",
  lang: "en",
  base,
  head: [["link", { rel: "icon", href: `${base}icon.svg`, type: "image/svg+xml" }]],
  srcExclude: ["README.md", ...(withApi ? [] : ["api/**"])],
  cleanUrls: false,
  // The engine of the playground is compiled from the sources of the packages, and computes in workers.
  vite: {
    define: { __SONDE_VERSION__: JSON.stringify(version), __SONDE_ONNXRUNTIME__: JSON.stringify(onnxruntime) },
    resolve: { conditions: ["@sonde/source"] },
    ssr: { noExternal: [/^@sonde\//] },
    worker: { format: "es" },
    plugins: [withoutWorkers],
    build: checkOnly ? { minify: false, cssMinify: false, reportCompressedSize: false } : { chunkSizeWarningLimit: 1500 },
  },
  ignoreDeadLinks: withApi ? false : [/\/api\//],
  markdown: {
    math: true,
    ...(checkOnly && { highlight: plainCode }),
    // A formula is read by its MathML, which stands beside the picture.
    config: (md) => {
      for (const name of ["math_inline", "math_block"]) {
        const render = md.renderer.rules[name];
        if (render) md.renderer.rules[name] = (...given) => render(...given).replaceAll('role="img"', 'aria-hidden="true"');
      }
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    search: checkOnly ? undefined : { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Playground", link: "/playground" },
      { text: "Doctor", link: "/doctor" },
      { text: "Guides", link: "/start", activeMatch: "/(start|guides)" },
      { text: "Concepts", link: "/concepts/born-dead", activeMatch: "/concepts/" },
      { text: "From Python", link: "/python/", activeMatch: "/python/" },
      { text: "Results", link: "/results/", activeMatch: "/results/" },
      { text: "Reference", link: "/reference/json", activeMatch: "/reference/" },
      { text: "API", link: "/api/", activeMatch: "/api/" },
    ],
    sidebar: [
      {
        text: "Sonde",
        items: [
          { text: "What it answers", link: "/" },
          { text: "Start in five minutes", link: "/start" },
          { text: "Playground", link: "/playground" },
          { text: "Doctor", link: "/doctor" },
          { text: "How it works", link: "/how-it-works" },
          { text: "Beside other tools", link: "/comparison" },
        ],
      },
      {
        text: "Guides",
        items: [
          { text: "Diagnose a model", link: "/guides/diagnose-a-model" },
          { text: "Read the report", link: "/guides/read-the-report" },
          { text: "Choose width and depth", link: "/guides/width-and-depth" },
          { text: "My loss is stuck", link: "/guides/stuck" },
          { text: "Use one metric", link: "/guides/one-metric" },
          { text: "Watch a training run", link: "/guides/watch-training" },
          { text: "Run a sweep", link: "/guides/sweeps" },
          { text: "Add your own metric", link: "/guides/own-metric" },
        ],
      },
      {
        text: "Concepts",
        items: [
          { text: "Born dead", link: "/concepts/born-dead" },
          { text: "Angles", link: "/concepts/angles" },
          { text: "Predicted angles", link: "/concepts/predicted-angles" },
          { text: "Signal and noise", link: "/concepts/moments" },
          { text: "Infinite width", link: "/concepts/infinite-width" },
          { text: "Vanishing nodes", link: "/concepts/vanishing-nodes" },
          { text: "The verdict", link: "/concepts/verdict" },
          { text: "Remedies", link: "/concepts/remedies" },
          { text: "What training does", link: "/concepts/training" },
        ],
      },
      {
        text: "From Python",
        items: [
          { text: "What to save", link: "/python/" },
          { text: "PyTorch to ONNX", link: "/python/onnx" },
          { text: "Activations by hooks", link: "/python/recordings" },
          { text: "Weights", link: "/python/weights" },
          { text: "Keras", link: "/python/keras" },
        ],
      },
      {
        text: "Results",
        items: [
          { text: "All claims", link: "/results/" },
          { text: "Collapse", link: "/results/collapse" },
          { text: "Neuron death", link: "/results/neuron-death" },
          { text: "Moments", link: "/results/moments" },
          { text: "Angles", link: "/results/angles" },
          { text: "Vanishing nodes", link: "/results/vanishing-nodes" },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Model files", link: "/reference/model-files" },
          { text: "Reports and CI", link: "/reference/reports" },
          { text: "JSON output", link: "/reference/json" },
          { text: "Figures", link: "/reference/figures" },
          { text: "API", link: "/api/", collapsed: true, items: api },
        ],
      },
    ],
  },
});
