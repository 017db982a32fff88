// Serves the built site as any static host does: files, compressed where that helps, and the page for what is missing.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { createGzip } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const compressed = new Set([".html", ".js", ".css", ".json", ".svg"]);

/** Starts a server of a folder on a free port: its address, and the way to end it. */
export async function serveFolder(folder, port = 0) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const candidates = [path, `${path}.html`, join(path, "index.html")].map((one) => join(folder, one));
    const found = candidates.find((one) => one.startsWith(folder) && existsSync(one) && statSync(one).isFile());
    const file = found ?? join(folder, "404.html");
    const extension = extname(file);
    const zip = compressed.has(extension) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    response.writeHead(found ? 200 : 404, {
      "content-type": types[extension] ?? "application/octet-stream",
      ...(zip && { "content-encoding": "gzip" }),
    });
    const body = createReadStream(file);
    (zip ? body.pipe(createGzip()) : body).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
