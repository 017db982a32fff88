import type { Figure, FigureText } from "../figure.js";

/** Several figures as one, their panels in order, each headed by the title of its figure where it has no heading of its own. */
export function joinFigures(figures: readonly Figure[], { title, subtitle }: FigureText & { readonly title: string }): Figure {
  return {
    title,
    subtitle,
    description: figures.map(({ description }) => description).join(" "),
    panels: figures.flatMap((figure) => figure.panels.map((panel) => ({ ...panel, title: panel.title ?? figure.title }))),
  };
}
