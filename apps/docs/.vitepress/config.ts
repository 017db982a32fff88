import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

/** The pages of the API, as written by scripts/api.mjs. */
const api = JSON.parse(readFileSync(new URL("../api/typedoc-sidebar.json", import.meta.url), "utf8"));

export default defineConfig({
  title: "Sonde",
  description: "Tells you, before you train a deep network, whether it can be trained, what will stop it and in which layer.",
  lang: "en",
  base: process.env.SONDE_DOCS_BASE ?? "/",
  srcExclude: ["README.md"],
  cleanUrls: false,
  ignoreDeadLinks: false,
  markdown: {
    math: true,
    theme: { light: "github-light", dark: "github-dark" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Start", link: "/start" },
      { text: "Concepts", link: "/concepts/born-dead", activeMatch: "/concepts/" },
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
          { text: "How it works", link: "/how-it-works" },
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
          { text: "JSON output", link: "/reference/json" },
          { text: "Figures", link: "/reference/figures" },
          { text: "API", link: "/api/", collapsed: true, items: api },
        ],
      },
    ],
  },
});
