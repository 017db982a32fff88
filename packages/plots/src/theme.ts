import type { Dash, Tone } from "./figure.js";

/** The colours of a picture. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  /** Of what matters less: subtitles, axes. */
  readonly muted: string;
  /** Of lines of reference. */
  readonly neutral: string;
  /** Of what has no value. */
  readonly missing: string;
  /** Told apart by people with any kind of colour vision. */
  readonly palette: readonly string[];
}

/** The themes by name. */
const themes: Readonly<Record<"light" | "dark", Theme>> = {
  // Okabe and Ito (2008), in the order that keeps neighbours apart.
  light: {
    background: "#ffffff",
    text: "#1c2127",
    muted: "#5b6570",
    neutral: "#4a525b",
    missing: "#d9dde2",
    palette: ["#0072b2", "#d55e00", "#009e73", "#b5609a", "#b8860b", "#4aa3d8", "#8c564b", "#6b7280"],
  },
  dark: {
    background: "#14181d",
    text: "#e6eaee",
    muted: "#9aa5b1",
    neutral: "#b4bdc7",
    missing: "#3a424c",
    palette: ["#56b4e9", "#f08a3c", "#3cc99b", "#e39ac8", "#e6c229", "#8fd0f5", "#c79a8f", "#aab2bd"],
  },
};

const roles = ["background", "text", "muted", "neutral", "missing"] as const;

/** The theme by name; that of the `page` takes its colours from the variables of `themeVariables` where the page defines them, otherwise they are those of the light one. */
export function themeOf(name: "light" | "dark" | "page"): Theme | undefined {
  if (name !== "page") return themes[name];
  const { palette, ...light } = themes.light;
  const variable = (role: string, colour: string) => `var(--sonde-${role}, ${colour})`;
  return {
    ...(Object.fromEntries(roles.map((role) => [role, variable(role, light[role])])) as unknown as typeof light),
    palette: palette.map((colour, k) => variable(`tone-${k}`, colour)),
  };
}

/**
 * The colours of a theme as declarations of CSS, for figures drawn in the theme `page`: a page that sets them by `prefers-color-scheme` shows one drawing in light and dark.
 *
 * @example
 * themeVariables("dark").slice(0, 29) // "--sonde-background: #14181d; "
 */
export function themeVariables(name: "light" | "dark"): string {
  const theme = themes[name];
  return [
    ...roles.map((role) => `--sonde-${role}: ${theme[role]};`),
    ...theme.palette.map((colour, k) => `--sonde-tone-${k}: ${colour};`),
  ].join(" ");
}

/** The colour of a role. */
export function toneColour(theme: Theme, tone: Tone): string {
  return tone === "neutral" ? theme.neutral : theme.palette[tone % theme.palette.length];
}

/** Dashes and gaps of a line in pixels. */
export const dashArrays: Readonly<Record<Dash, string | undefined>> = { solid: undefined, dashed: "6 4", dotted: "1.5 3.5" };

/** Stops of viridis (S. van der Walt, N. Smith, 2015), evenly spaced. */
const viridis = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/**
 * The colour at a share of the scale of colours, from dark to bright, as red, green and blue from 0 to 255.
 *
 * @example
 * rampColour(1) // [253, 231, 37]
 */
export function rampColour(share: number): [red: number, green: number, blue: number] {
  const at = Math.max(0, Math.min(1, share)) * (viridis.length - 1);
  const k = Math.min(viridis.length - 2, Math.floor(at));
  const mix = (channel: number) => Math.round(viridis[k][channel] + (at - k) * (viridis[k + 1][channel] - viridis[k][channel]));
  return [mix(0), mix(1), mix(2)];
}

/** The same as text, in 64 steps, so that neighbours of nearly one value share one shape. */
export function rampText(share: number): string {
  const [red, green, blue] = rampColour(Math.round(share * 63) / 63);
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`;
}
