// What tests do on the doctor's page, and what its records are compared by.
import { readFileSync } from "node:fs";
import { sep } from "node:path";

/** Drops files onto the page as a hand would. */
export async function dropFiles(page, files) {
  // What is dropped before the page's script runs falls through it.
  await page.waitForFunction("document.querySelector('#app')?.__vue_app__");
  const data = await page.evaluateHandle(
    (files) => {
      const transfer = new DataTransfer();
      for (const { name, text } of files)
        transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
      return transfer;
    },
    files.map((path) => ({ name: path.split(sep).at(-1), text: readFileSync(path).toString("base64") })),
  );
  await page.getByTestId("drop").dispatchEvent("drop", { dataTransfer: data });
}

/** The record that the page offers, as it writes it. */
export async function recordOf(page, timeout) {
  const link = page.getByTestId("report-json").first();
  await link.waitFor({ timeout });
  return page.evaluate(async (url) => (await fetch(url)).json(), await link.getAttribute("href"));
}

/** What the page says in place of a verdict. */
export async function uncheckedOf(page, timeout) {
  const place = page.getByTestId("unchecked");
  await place.waitFor({ timeout });
  return (await place.textContent()).trim();
}

/** Every leaf of two values that is not the same: where, and the two. */
export function* differences(one, other, at = "record") {
  if (Object.is(one, other)) return;
  const nested = [one, other].every((value) => typeof value === "object" && value !== null);
  if (!nested) yield { at, one, other };
  else
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      yield* differences(one[key], other[key], `${at}.${key}`);
}
