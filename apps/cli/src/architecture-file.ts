import type { Architecture } from "@sonde/nets";

/** An architecture as the text of a file: a layer a line. */
export function architectureText({ layers, ...rest }: Architecture): string {
  const fields = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const lines = layers.map((layer) => `\n    ${JSON.stringify(layer)}`);
  return `{\n  ${[...fields, `"layers": [${lines.join(",")}\n  ]`].join(",\n  ")}\n}\n`;
}
