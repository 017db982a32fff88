import { type Figure, type FigureText, joinFigures, lineFigure } from "@sonde/plots";
import type { AnglePart } from "./measured.js";

/** ln sin² against depth, a panel for each width: simulated with its spread, and the predictions. */
export function anglesFigure(parts: readonly AnglePart[], { title = "Angles", subtitle }: FigureText): Figure {
  return joinFigures(
    parts.map(({ name, result }) => {
      const x = result.map(({ layer }) => layer);
      return lineFigure({
        title: name,
        x: { label: "hidden layer", whole: true },
        y: { label: "mean of ln sin² of the angle" },
        series: [
          { name: "finite width (ours)", tone: 1, x, y: result.map(({ finite }) => finite.mean) },
          { name: "published", tone: 2, dash: "dashed", x, y: result.map(({ published }) => published) },
          { name: "infinite width", tone: 3, dash: "dotted", x, y: result.map(({ infinite }) => infinite) },
          {
            name: "spread of networks (± 1 sd)",
            tone: 0,
            x,
            y: x.map(() => null),
            low: result.map(({ simulated }) => simulated.value - simulated.sd),
            high: result.map(({ simulated }) => simulated.value + simulated.sd),
          },
        ],
        marks: [{ kind: "dots", tone: 0, name: "simulated", x, y: result.map(({ simulated }) => simulated.value) }],
      });
    }),
    { title, subtitle },
  );
}
