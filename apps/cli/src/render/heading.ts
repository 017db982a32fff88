import { quote } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import { modelLine } from "./describe-model.js";
import type { Page } from "./page.js";
import { wrap } from "./wrap.js";

/** The first lines of every report: the model, what it is, and what it was measured on. */
export function heading(page: Page, model: string, architecture: Architecture, measuredOn: string): string[] {
  const name = quote(model).slice(1, -1);
  return [
    `  ${page.bold(name)}`,
    ...wrap(modelLine(architecture), page.width, "  ").map(page.dim),
    ...wrap(measuredOn, page.width, "  ").map(page.dim),
  ];
}
