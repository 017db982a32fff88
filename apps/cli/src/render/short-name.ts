import { quote } from "@sonde/core";

/** Characters of a name in a table. */
const most = 24;

/** The name of an array or module for a table: where it is long, by its end, which tells the modules of one network apart. */
export function shortName(name: string): string {
  const characters = [...quote(name).slice(1, -1)];
  return characters.length <= most ? characters.join("") : `…${characters.slice(characters.length - most + 1).join("")}`;
}
