import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../root.mjs";
import { filesUnder } from "../workspace.mjs";
import { fill } from "./names.mjs";

const templates = join(root, "scripts", "templates");

/** What is to be written, kept until all of it is known to be possible. */
export function changes() {
  const texts = new Map();
  const read = (path) => texts.get(path) ?? readFileSync(join(root, path), "utf8");
  return {
    /** Writes the templates of a folder, names filled in, to where `placeOf` says. Throws where a file exists. */
    addTemplates(folder, names, placeOf) {
      for (const file of filesUnder(join(templates, folder), ".txt")) {
        const path = placeOf(fill(relative(join(templates, folder), file).replace(/\.txt$/, ""), names));
        if (existsSync(join(root, path))) throw new Error(`${path} exists: choose another name`);
        texts.set(path, fill(readFileSync(file, "utf8"), names));
      }
    },
    add(path, text) {
      texts.set(path, text);
    },
    /** Puts a text before the first place in a file that matches. Throws where none does. */
    insertBefore(path, pattern, text) {
      const before = read(path);
      const at = before.search(pattern);
      if (at < 0) throw new Error(`${path} has no place like ${pattern}: it was rewritten since, so mend scripts/lib/new`);
      texts.set(path, before.slice(0, at) + text + before.slice(at));
    },
    /** Changes a JSON file. */
    edit(path, change) {
      const value = JSON.parse(read(path));
      change(value);
      texts.set(path, `${JSON.stringify(value, null, 2)}\n`);
    },
    /** Writes everything, and returns the paths. */
    write() {
      for (const [path, text] of texts) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      return [...texts.keys()];
    },
  };
}
