/** An element of a parsed picture; text is joined from its direct children. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Parses XML strictly enough to find what a browser would refuse: unbalanced or unquoted parts, stray signs, doubled attributes. */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const token = /<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new Error(`not XML at ${at}: ${source.slice(at, at + 60)}`);
    const [, closing, name, attributes, empty, text] = match;
    const parent = open[open.length - 1];
    if (closing !== undefined) {
      if (parent.name !== closing) throw new Error(`</${closing}> closes <${parent.name}>`);
      open.pop();
    } else if (text !== undefined) parent.text += unescaped(text);
    else {
      const entries = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, unescaped(value)]);
      if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new Error(`doubled attributes in <${name}>`);
      const element = { name, attributes: Object.fromEntries(entries), children: [], text: "" };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error("one element must hold all others");
  return root.children[0];
}

function unescaped(text: string): string {
  if (/&(?!(amp|lt|gt|quot);)/.test(text)) throw new Error(`stray & in ${text}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) throw new Error("a control character");
  return text.replace(/&(\w+);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] as string);
}

/** All elements below one, itself included. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}

/** The elements with this `aria-label`. */
export function labelled(element: XmlElement, label: string): XmlElement[] {
  return [...descendants(element)].filter(({ attributes }) => attributes["aria-label"] === label);
}

/** The box of the axes that an element holds, by its lines of the grid. */
export function frame(element: XmlElement): { left: number; right: number; top: number; bottom: number } {
  const lines = (label: string) =>
    labelled(element, label).flatMap(({ children }) => children.map(({ attributes }) => attributes));
  const [across, along] = [lines("y-grid"), lines("x-grid")];
  return {
    left: Number(across[0].x1),
    right: Number(across[0].x2),
    top: Number(along[0].y1),
    bottom: Number(along[0].y2),
  };
}

/** Groups of elements that hold axes, each with all that is drawn in them. */
export function panels(root: XmlElement): XmlElement[] {
  return [...descendants(root)].filter(({ children }) =>
    children.some(({ attributes }) => attributes["aria-label"] === "y-axis tick"),
  );
}

/** The places of all that is drawn for data in a panel: points of curves, areas, circles, and corners of rectangles. */
export function places(panel: XmlElement): [x: number, y: number][] {
  return [...descendants(panel)].flatMap(({ name, attributes, children }): [number, number][] => {
    const drawn = ["line", "area", "dot", "rect", "rule"].includes(attributes["aria-label"]);
    if (!drawn) return [];
    return [{ name, attributes }, ...children].flatMap(({ name, attributes: a }): [number, number][] => {
      if (name === "circle") return [[Number(a.cx), Number(a.cy)]];
      if (name === "line")
        return [
          [Number(a.x1), Number(a.y1)],
          [Number(a.x2), Number(a.y2)],
        ];
      if (name === "rect")
        return [
          [Number(a.x), Number(a.y)],
          [Number(a.x) + Number(a.width), Number(a.y) + Number(a.height)],
        ];
      if (name === "path") return [...(a.d ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
      return [];
    });
  });
}
