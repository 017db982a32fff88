import type { CheckRecord } from "../check-record.js";
import type { Markup } from "./markup.js";

/** A section of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** A sentence below its title. */
  readonly note?: string;
  readonly content: Markup;
}

/** Makes a section of a record; undefined where it has nothing to show. */
export type SectionOf = (record: CheckRecord) => Section | undefined;
