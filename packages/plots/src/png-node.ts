import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { DomainError } from "@sonde/core";
import type { Figure } from "./figure.js";
import { renderSvg, type SvgOptions } from "./svg/render.js";

/** How a figure becomes pixels. */
export interface PngOptions extends Omit<SvgOptions, "theme"> {
  /** `light` or `dark`. Default: light. */
  readonly theme?: "light" | "dark";
  /** Pixels of the PNG for one of the SVG, 0.5 to 8. Default: 2, for sharp letters on any screen. */
  readonly zoom?: number;
}

const require = createRequire(import.meta.url);
/** Found where the package is installed, not where it runs. */
function fontFiles(): string[] {
  return [
    require.resolve("@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf"),
    require.resolve("@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf"),
  ];
}

/**
 * A figure as the bytes of a PNG, by the fonts that come with this package: the same on machines without any fonts.
 *
 * Throws as `renderSvg` does, and `DomainError` for a zoom outside [0.5, 8].
 */
export function renderPng(figure: Figure, { zoom = 2, ...options }: PngOptions = {}): Uint8Array {
  if (!(zoom >= 0.5 && zoom <= 8)) throw new DomainError(`the zoom of a PNG is 0.5 to 8, got ${zoom}`);
  const picture = new Resvg(renderSvg(figure, options), {
    fitTo: { mode: "zoom", value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: "Source Sans 3",
      sansSerifFamily: "Source Sans 3",
    },
  });
  return picture.render().asPng();
}
