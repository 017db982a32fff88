// Checks every link of the site built into .vitepress/dist, or the folder beside it that is named: pages and files exist, anchors too, and nothing is loaded from another host.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), ".vitepress", process.argv[2] ?? "dist");
const base = process.env.SONDE_DOCS_BASE ?? "/";
const pages = readdirSync(dist, { recursive: true })
  .filter((path) => path.endsWith(".html"))
  .map((path) => ({ path: path.split(sep).join("/"), html: readFileSync(join(dist, path), "utf8") }));
const anchors = new Map(pages.map(({ path, html }) => [path, new Set(values(html, "id"))]));

const problems = pages.flatMap(({ path, html }) => [
  ...values(html, "href").flatMap((link) => linkProblem(path, link)),
  ...values(html, "src").flatMap((link) => linkProblem(path, link)),
  ...loaded(html)
    .filter((link) => /^(https?:)?\/\//.test(link))
    .map((link) => `${path} loads ${link} from another host`),
]);
console.log(problems.length > 0 ? problems.join("\n") : `${pages.length} pages, every link leads somewhere`);
process.exitCode = problems.length > 0 ? 1 : 0;

function linkProblem(page, link) {
  if (/^([a-z]+:|\/\/)/i.test(link)) return [];
  const [address, anchor] = link.split("#").map(decodeURIComponent);
  const [target] = address.split("?");
  if (target.startsWith("/") && !target.startsWith(base)) return [`${page} links to ${link}, outside of the base ${base}`];
  const absolute = target.startsWith("/") ? target.slice(base.length) : posix.join(posix.dirname(page), target);
  const path = target === "" ? page : fileOf(absolute);
  if (!path) return [`${page} links to ${link}, which does not exist`];
  return anchor && anchors.has(path) && !anchors.get(path).has(anchor)
    ? [`${page} links to ${link}, which has no such anchor`]
    : [];
}

/** The file that a server sends for a path. */
function fileOf(path) {
  const found = [path, `${path}.html`, posix.join(path, "index.html")].find((candidate) => isFile(join(dist, candidate)));
  return found === undefined ? undefined : relative(dist, join(dist, found)).split(sep).join("/");
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}

function values(html, attribute) {
  return [...html.matchAll(new RegExp(`<[^>]*\\s${attribute}="([^"]*)"`, "g"))].map(([, value]) =>
    value.replaceAll("&amp;", "&"),
  );
}

/** What a browser fetches by itself: sources, style sheets, preloads. */
function loaded(html) {
  const tags = html.match(/<link [^>]*>/g) ?? [];
  return [...values(html, "src"), ...tags.flatMap((tag) => values(tag, "href"))];
}
