import { type SvgDocument, SvgElement, svgDocument } from "../svg-document.js";

/** Makes elements with their attributes and what is in them; attributes that are undefined are left out. */
export type Make = (
  name: string,
  attributes?: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (SvgElement | string)[]
) => SvgElement;

/** A document for one picture, and a short way to make its elements. */
export function pictureDocument(): { document: SvgDocument; make: Make } {
  const document = svgDocument();
  const make: Make = (name, attributes = {}, ...children) => {
    const element = new SvgElement(name, document);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  return { document, make };
}
