import { mkdirSync, writeFileSync } from "node:fs";

// What draws stands above this package.
const { renderSvg } = await import(new URL("../../../plots/dist/index.js", import.meta.url));

/** Writes pictures/NAME-light.svg and pictures/NAME-dark.svg of this package. */
export function draw(name, figure, { width = 1000 } = {}) {
  const folder = new URL("../../pictures/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const theme of ["light", "dark"])
    writeFileSync(new URL(`${name}-${theme}.svg`, folder), renderSvg(figure, { theme, width }));
}
