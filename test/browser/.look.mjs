import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
const axe = readFileSync("/tmp/rep/ax/node_modules/axe-core/axe.min.js","utf8");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const names = process.argv.slice(2);
for (const name of names) for (const width of [1280, 390]) for (const scheme of ["light","dark"]) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true });
  const bad = []; const reqs = [];
  page.on("console", m => bad.push(m.type()+": "+m.text())); page.on("pageerror", e => bad.push("error: "+e));
  page.on("request", r => reqs.push(r.url().slice(0,60)));
  await page.goto("file:///tmp/rep/"+name+".html");
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const tall = width === 1280 ? 1400 : 1500;
  for (let k = 0; k * tall < height && k < 6; k++) await page.screenshot({ path: `/tmp/rep/${name}-${width}-${scheme}-${k}.png`, fullPage: true, clip: { x: 0, y: k * tall, width, height: Math.min(tall, height - k * tall) } });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.evaluate(axe);
  const r = await page.evaluate(() => axe.run());
  console.log(name, width, scheme, "overflow", overflow, "requests", reqs.length, bad, r.violations.map(v => `${v.impact} ${v.id} x${v.nodes.length}: ${v.nodes[0].html.slice(0,120)} ${v.nodes[0].failureSummary?.slice(0,200)}`));
  if (width === 1280 && scheme === "dark") await page.pdf({ path: `/tmp/rep/${name}.pdf` });
  await page.close();
}
await browser.close();
