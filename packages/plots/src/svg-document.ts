/**
 * As much of a document as drawing takes: elements that are made, given attributes and put into one another, and written as XML. Observable Plot draws on it
 * as on a browser's, so the same picture comes out everywhere, without a browser and at once.
 */
export class SvgElement {
  readonly namespaceURI = "http://www.w3.org/2000/svg";
  readonly attributes = new Map<string, string>();
  childNodes: (SvgElement | SvgText)[] = [];
  parentNode: SvgElement | null = null;

  constructor(
    readonly tagName: string,
    readonly ownerDocument: SvgDocument,
  ) {}

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild<Node extends SvgElement | SvgText>(node: Node): Node {
    return this.insertBefore(node, null);
  }

  append(...nodes: (SvgElement | SvgText | string)[]): void {
    for (const node of nodes) this.appendChild(typeof node === "string" ? this.ownerDocument.createTextNode(node) : node);
  }

  insertBefore<Node extends SvgElement | SvgText>(node: Node, before: SvgElement | SvgText | null): Node {
    node.parentNode?.childNodes.splice(node.parentNode.childNodes.indexOf(node), 1);
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, node);
    node.parentNode = this;
    return node;
  }

  get firstChild(): SvgElement | SvgText | null {
    return this.childNodes[0] ?? null;
  }

  set textContent(text: string) {
    this.childNodes = [this.ownerDocument.createTextNode(text)];
  }

  /** Nothing is ever looked up: what is drawn is new. */
  querySelector(): null {
    return null;
  }

  querySelectorAll(): SvgElement[] {
    return [];
  }

  /** The element as XML, coordinates rounded to hundredths of a pixel. */
  toString(): string {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${escapeXml(rounded(value))}"`).join("");
    const content = this.childNodes.map(String).join("");
    return content ? `<${this.tagName}${attributes}>${content}</${this.tagName}>` : `<${this.tagName}${attributes}/>`;
  }
}

/** A text inside an element. */
export class SvgText {
  parentNode: SvgElement | null = null;
  constructor(readonly data: string) {}

  toString(): string {
    return escapeXml(this.data);
  }
}

/** Makes elements. */
export interface SvgDocument {
  readonly documentElement: SvgElement;
  createElement(name: string): SvgElement;
  createElementNS(namespace: string, name: string): SvgElement;
  createTextNode(text: string): SvgText;
}

export function svgDocument(): SvgDocument {
  const document: SvgDocument = {
    get documentElement() {
      return new SvgElement("svg", document);
    },
    createElement: (name) => new SvgElement(name, document),
    createElementNS: (_namespace, name) => new SvgElement(name, document),
    createTextNode: (text) => new SvgText(text),
  };
  return document;
}

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100 + 0));
}

/** What XML has no place for: control characters, halves of surrogate pairs, and two that are no characters. */
const unwritable = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function escapeXml(text: string): string {
  return text
    .replace(unwritable, (sign) => (sign === "\n" || sign === "\t" ? sign : "\ufffd"))
    .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] as string);
}
