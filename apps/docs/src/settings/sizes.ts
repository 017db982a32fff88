import type { Settings } from "./settings.js";

/** The number of inputs and outputs that the data ask for; `columns` are those of a visitor's own file. */
export function ends({ data, inputs }: Pick<Settings, "data" | "inputs">, columns?: number): { inputs: number; outputs: number } {
  if (data === "interval") return { inputs: 1, outputs: 1 };
  if (data === "digits") return { inputs: 64, outputs: 10 };
  if (data === "csv") return { inputs: columns ?? 1, outputs: 1 };
  return { inputs, outputs: 1 };
}

/** The widths in the notation of the command line, such as `1-2x9-1`. */
export function notation(settings: Settings, columns?: number): string {
  const { inputs, outputs } = ends(settings, columns);
  const { depth, width } = settings;
  return `${inputs}-${depth === 1 ? width : `${width}x${depth}`}-${outputs}`;
}
