import { resolve } from "node:path";
import { ConfigError } from "@sonde/core";
import type { Figure, FigureText } from "@sonde/plots";
import { openOutput } from "./output.js";
import type { Page } from "./render/page.js";

/** Makes the figure of a command's result from the figures of `@sonde/plots`; `text` says what it is of. */
export type FigureOf = (plots: typeof import("@sonde/plots"), text: FigureText) => Figure;

/** How a figure is asked for. */
export interface PlotOptions {
  /** A file that ends in .svg or .png, or `-` for characters in the report. */
  plot?: string;
  theme?: "light" | "dark";
}

/** Where the figure of a run goes. */
export interface PlotOutput {
  /** Draws the figure into its file, or returns it in characters for the report. */
  draw(figureOf: FigureOf, text: FigureText, page: Page): Promise<string>;
}

/**
 * Opens the file of `--plot`, so that one that cannot be written is found before the run; the library that draws is loaded when the result is there.
 *
 * Throws `ConfigError` for what cannot be written, and for options that exclude each other.
 */
export async function openPlot({
  plot,
  theme,
  out,
  json,
}: PlotOptions & { readonly out?: string; readonly json?: boolean }): Promise<PlotOutput> {
  const inReport = plot === undefined || plot === "-";
  if (theme !== undefined && inReport)
    throw new ConfigError("--theme is for the file of --plot: give --plot a file too, or leave it out");
  if (plot === "-" && json)
    throw new ConfigError("--plot - draws into the report and --json leaves none: give --plot a file that ends in .svg or .png");
  if (!inReport && out !== undefined && resolve(plot) === resolve(out))
    throw new ConfigError("--plot and --out name the same file: give each its own");
  const file = inReport ? undefined : await openOutput(plot, "--plot");
  return {
    async draw(figureOf, text, page) {
      if (plot === undefined) return "";
      const plots = await import("@sonde/plots");
      const figure = figureOf(plots, text);
      if (!file) return `\n\n${plots.renderTerminal(figure, page)}`;
      if (plot.toLowerCase().endsWith(".png")) await file((await import("@sonde/plots/node")).renderPng(figure, { theme }));
      else await file(plots.renderSvg(figure, { theme }));
      return "";
    },
  };
}
