// npm run site:test: the built site in Debian's Chromium, as a visitor has it. Numbers of the page are compared with what the command line prints, bit for bit.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { chromium } from "playwright-core";
import { root } from "../../scripts/lib/root.mjs";
import { setUpOrExit } from "../../scripts/lib/setup.mjs";
import { finish, runChecks } from "../../scripts/lib/tally.mjs";
import { differences, dropFiles, recordOf, uncheckedOf } from "./doctor.mjs";
import { serveFolder } from "./serve.mjs";

const dist = join(root, "apps", "docs", ".vitepress", "dist");
/** Where screenshots go, to be looked at. */
const pictures = join(root, ".cache", "site");
const fixtures = join(root, "packages", "formats", "test", "fixtures", "models");
const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");
const browserPath = "/usr/bin/chromium";
/** A busy machine takes longer. */
const patience = 300_000;

await setUpOrExit();
if (process.argv.includes("--build") || !existsSync(join(dist, "index.html"))) {
  const { status } = spawnSync(process.execPath, [join(root, "apps/docs/scripts/build.mjs")], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
mkdirSync(pictures, { recursive: true });
const site = await serveFolder(dist);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
const complaints = [];

/** `npm run site:test -- WORD` runs the checks that have the word in their names. */
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const asked = ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word));

try {
  finish(
    await runChecks(
      [
        { name: "the playground's first numbers are the command line's", run: playgroundNumbers },
        { name: "a slider that moves leads to new numbers, the same as the command line's", run: movedSlider },
        { name: "an address leads to its settings, and undo back", run: sharedAddress },
        { name: "the best change is made by a click", run: appliedFix },
        { name: "digits are measured as the command line does", run: digits },
        { name: "a hundred networks are trained to the command line's outcomes", run: training },
        { name: "model files that are dropped are measured as by sonde check", run: droppedModel },
        { name: "weights alone are measured once their activation is chosen", run: droppedWeights },
        { name: "an architecture file that is dropped is diagnosed as by sonde check", run: droppedArchitecture },
        { name: "an architecture file of a graph that is no list is diagnosed as by sonde check", run: droppedGraph },
        { name: "recorded activations are diagnosed", run: droppedRecording },
        { name: "models that Sonde does not run are run by onnxruntime-web, as by sonde check", run: droppedForeign },
        { name: "what keeps onnxruntime-web from a model is one sentence, and the page goes on", run: refusedForeign },
        { name: "a damaged file is refused in a sentence", run: droppedRubbish },
        { name: "from a slider to a number: median and 95th percentile", run: latency },
        { name: "the first load is below 1 MB", run: firstLoad },
        { name: "no table is cut off at 1280 pixels, no page is wider than 390", run: widths },
        { name: "axe finds nothing, light and dark", run: accessibility },
        { name: "screenshots at 1280 and 390 pixels, light and dark", run: screenshots },
        { name: "no error on any console, no request to another host", run: async () => [...new Set(complaints)].join("\n") },
      ].filter(asked),
    ),
  );
} finally {
  await browser.close();
  await site.close();
}

/** A page that tells of errors and of requests to other hosts. */
async function open(path, { width = 1280, dark = false, ...options } = {}) {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    ...options,
  });
  page.setDefaultTimeout(patience);
  page.on(
    "console",
    (message) => message.type() === "error" && complaints.push(`${path}: ${message.text()} ${message.location().url}`),
  );
  page.on("pageerror", (error) => complaints.push(`${path}: ${error.stack}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(site.address) && !/^(data|blob):/.test(url)) complaints.push(`${path} asks ${url}`);
  });
  await page.goto(`${site.address}${path}`, { timeout: patience });
  return page;
}

/** The result that the command line prints. */
function sonde(command) {
  return sondeRecord(command).result;
}

/** All that it prints. */
function sondeRecord(command, env = {}) {
  const args = command.replace(/^sonde /, "").split(" ");
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, "apps/cli/bundle/main.js"), ...args, "--json", "--quiet"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    cwd: root,
    env: { ...process.env, ...env },
  });
  if (!stdout) throw new Error(`sonde ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A number of the page once it is final. */
async function numberOf(page, name) {
  const place = page.locator(`[data-number="${name}"][data-final="yes"]`).first();
  await place.waitFor({ timeout: patience });
  return Number(await place.getAttribute("data-value"));
}

/** The command that stands below a panel. */
async function commandOf(page, panel) {
  return page.locator(`.sonde-panel.${panel} .command code`).textContent();
}

function differ(name, shown, printed) {
  return Object.is(shown, printed) ? "" : `${name} is ${shown} in the page, but ${printed} on the command line`;
}

async function comparePanels(page, panels) {
  const readers = {
    death: ["born-dead", (result) => result.bornDead.value],
    angles: ["log-sin2", (result) => result.layers.at(-1).logSin2.value],
    nodes: ["vni", (result) => result.layers.at(-1).vni.value],
    moments: ["log-chi", (result) => result.layers.at(-1).logChi.mean],
  };
  const problems = [];
  for (const panel of panels) {
    const [name, read] = readers[panel];
    const shown = await numberOf(page, name);
    problems.push(differ(name, shown, read(sonde(await commandOf(page, panel)))));
  }
  return problems.filter(Boolean).join("\n");
}

async function playgroundNumbers() {
  const page = await open("/playground.html?d=4&w=6");
  const problems = [await comparePanels(page, ["death", "angles", "nodes", "moments"])];
  const failure = await numberOf(page, "failure");
  const printed = sonde("check 1-6x4-1");
  problems.push(differ("P(fails)", failure, printed.failure.value));
  problems.push(differ("verdict", await page.getByTestId("verdict").getAttribute("data-verdict"), printed.verdict));
  await page.close();
  return problems.filter(Boolean).join("\n");
}

async function movedSlider() {
  const page = await open("/playground.html");
  await numberOf(page, "born-dead");
  const slider = page.getByRole("slider", { name: "depth" });
  await slider.focus();
  for (const _ of [1, 2, 3]) await page.keyboard.press("ArrowRight");
  const problem = await page.waitForFunction("location.search === '?d=12'", undefined, { timeout: 10_000 }).then(
    () => "",
    () => "three presses of a key did not lead to ?d=12",
  );
  const shown = problem || (await comparePanels(page, ["death"]));
  // By hand: a press in the middle of the track is another depth.
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const depth = await page.getByRole("spinbutton", { name: /^depth/ }).inputValue();
  const end = Number(depth) > 12 ? "" : `a press in the middle of the slider gave depth ${depth}`;
  await page.close();
  return [shown, end].filter(Boolean).join("\n");
}

async function sharedAddress() {
  const page = await open("/playground.html?d=5&w=8&a=tanh&i=orthogonal&n=layer&s=residual");
  const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
  const found = [await value("activation"), await value("initialiser"), await value("norm"), await value("skip")].join();
  await page.getByLabel("activation", { exact: true }).selectOption("relu");
  const changed = new URL(page.url()).search;
  await page.getByTestId("undo").click();
  await page.waitForFunction("location.search.includes('a=tanh')");
  await page.close();
  if (found !== "tanh,orthogonal,layer,residual") return `the address led to ${found}`;
  return changed.includes("a=tanh") ? `a change left the address at ${changed}` : "";
}

async function appliedFix() {
  const page = await open("/playground.html");
  const button = page.getByTestId("apply-fix");
  await button.waitFor({ timeout: patience });
  await button.click();
  await page.waitForFunction("location.search !== ''", undefined, { timeout: 10_000 });
  await page.locator('[data-testid="verdict"][data-final="yes"]:not(.stale)').waitFor({ timeout: patience });
  const verdict = await page.getByTestId("verdict").getAttribute("data-verdict");
  await page.close();
  return verdict === "healthy" ? "" : `after the best change the verdict is ${verdict}`;
}

async function digits() {
  const page = await open("/playground.html?d=2&w=16&x=digits");
  const problem = await comparePanels(page, ["death", "angles"]);
  await page.close();
  return problem;
}

async function training() {
  const page = await open("/playground.html?d=2&w=4");
  await page.getByLabel("steps", { exact: true }).selectOption("200");
  await page.getByTestId("train").click();
  await page.locator('[data-testid="train-state"][data-state="done"]').waitFor({ timeout: patience });
  const shown = await page
    .locator("[data-outcome]")
    .evaluateAll((all) => all.map((one) => [one.dataset.outcome, Number(one.dataset.count)]));
  const { outcomes } = sonde(await commandOf(page, "train"));
  await page.locator(".sonde-panel.train").screenshot({ path: join(pictures, "trained.png") });
  await page.close();
  const printed = Object.entries(outcomes).filter(([, count]) => count > 0);
  return JSON.stringify(shown) === JSON.stringify(printed)
    ? ""
    : `outcomes are ${shown} in the page, but ${printed} on the command line`;
}

/** What the page's JSON says otherwise than the command line's, but for what is another's: the time, the name of the file, the kernels. */
async function compareRecord(page, command) {
  const own = await recordOf(page, patience);
  const plain = ({ elapsedMs: _, settings, result: { executor: __, ...result }, ...record }) => ({
    ...record,
    settings: { ...settings, model: "" },
    result,
  });
  return [...differences(plain(own), plain(sondeRecord(command)))]
    .slice(0, 6)
    .map(({ at, one, other }) => differ(`${command}: ${at}`, JSON.stringify(one), JSON.stringify(other)));
}

/** The report that stands in the page is whole. */
async function readReport(page) {
  await page.getByTestId("report").waitFor({ timeout: patience });
  // Playwright's own scripts are not run in the frame, which runs none.
  const read = (frame) => frame.contentDocument?.querySelectorAll("section").length ?? 0;
  const deadline = Date.now() + patience;
  let sections = 0;
  while (sections === 0 && Date.now() < deadline) {
    sections = await page.getByTestId("report").evaluate(read);
    await page.waitForTimeout(100);
  }
  return sections > 3 ? [] : [`the report has ${sections} sections`];
}

async function droppedModel() {
  const page = await open("/doctor.html");
  const problems = [];
  for (const name of ["resnet.onnx", "functional.keras", "dead-layer.onnx", "tfjs-mlp"]) {
    const path = join(fixtures, name);
    const main = name === "tfjs-mlp" ? join(path, "model.json") : path;
    const files = name === "tfjs-mlp" ? readdirSync(path).map((file) => join(path, file)) : [path];
    await dropFiles(page, files);
    await page.getByRole("heading", { name: main.split(sep).at(-1) }).waitFor();
    const shown = (await page.getByTestId("parameters").textContent()).replaceAll(",", "");
    problems.push(differ(`parameters of ${name}`, Number(shown), sonde(`inspect ${relative(root, main)}`).parameters));
    problems.push(...(await compareRecord(page, `check ${relative(root, main)}`)), ...(await readReport(page)));
  }
  await page.screenshot({ path: join(pictures, "doctor-model.png"), fullPage: true });
  await page.close();
  return problems.filter(Boolean).join("\n");
}

async function droppedWeights() {
  const page = await open("/doctor.html");
  const path = join(fixtures, "mlp.safetensors");
  await dropFiles(page, [path]);
  await page.getByLabel("activation", { exact: true }).selectOption("relu", { timeout: patience });
  const problems = await compareRecord(page, `check ${relative(root, path)} --activation relu`);
  await page.screenshot({ path: join(pictures, "doctor-weights.png"), fullPage: true });
  await page.close();
  return problems.join("\n");
}

async function droppedArchitecture() {
  const page = await open("/doctor.html");
  const path = join(root, "apps/docs/examples/narrow.json");
  await dropFiles(page, [path]);
  const failure = await numberOf(page, "failure");
  const problem = differ("P(fails)", failure, sonde(`check ${relative(root, path)}`).failure.value);
  const problems = [problem, ...(await compareRecord(page, `check ${relative(root, path)}`)), ...(await readReport(page))];
  await page.screenshot({ path: join(pictures, "doctor-architecture.png"), fullPage: true });
  await page.close();
  return problems.filter(Boolean).join("\n");
}

async function droppedGraph() {
  const page = await open("/doctor.html");
  const path = join(root, "apps/docs/examples/gated.yaml");
  await dropFiles(page, [path]);
  await page.getByTestId("verdict").waitFor();
  const problems = [...(await compareRecord(page, `check ${relative(root, path)}`)), ...(await readReport(page))];
  await page.screenshot({ path: join(pictures, "doctor-graph.png"), fullPage: true });
  await page.close();
  return problems.filter(Boolean).join("\n");
}

function foreign(name) {
  return join(fixtures, "..", "foreign", name);
}

/** The command line is given the very WebAssembly that the site serves, so that the two compute the same bits; `npm run verify -- onnxruntime` compares with onnxruntime-node. */
function sameRuntime() {
  const folder = mkdtempSync(join(tmpdir(), "sonde-site-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const web = JSON.stringify(realpathSync(join(root, "apps/docs/node_modules/onnxruntime-web")));
  writeFileSync(join(folder, "package.json"), '{ "name": "onnxruntime-node", "version": "0", "main": "index.js" }');
  writeFileSync(
    join(folder, "index.js"),
    `const web = require(${web}); web.env.logLevel = "fatal"; web.env.wasm.numThreads = 1; module.exports = web;`,
  );
  return { SONDE_ONNXRUNTIME: folder };
}

async function droppedForeign() {
  const env = sameRuntime();
  const page = await open("/doctor.html");
  const problems = [];
  for (const names of [["branch.onnx"], ["loop.onnx"], ["function.onnx"], ["external.onnx", "if-external.data"]]) {
    const [path, ...beside] = names.map(foreign);
    await dropFiles(page, [path, ...beside]);
    await page.getByRole("heading", { name: names[0] }).waitFor();
    const { result, settings, warnings } = await recordOf(page, patience);
    // How many networks like it are drawn depends on how long it takes to load the model.
    const asked = `check ${relative(root, path)} --points ${settings.points} --networks ${result.like.networks}`;
    const printed = sondeRecord(asked, env);
    const found = [...differences(plainResult(result), plainResult(printed.result))];
    problems.push(...found.slice(0, 6).map(({ at, one, other }) => differ(`${asked}: ${at}`, one, other)));
    if (!/^onnxruntime-web \d+\.\d+\.\d+$/.test(result.program)) problems.push(`${names[0]} was run by ${result.program}`);
    if (!warnings[warnings.length - 2].includes(`${result.program} ran it, in single precision`))
      problems.push(`it said ${warnings}`);
    problems.push(...(await readReport(page)));
  }
  await page.screenshot({ path: join(pictures, "doctor-foreign.png"), fullPage: true });
  await page.close();
  return problems.join("\n");
}

function plainResult({ program: _, ...result }) {
  return result;
}

async function refusedForeign() {
  const problems = [];
  const said = async (page, files, expected) => {
    await dropFiles(page, files);
    const sentence = await uncheckedOf(page, patience);
    if (!expected.test(sentence)) problems.push(`of ${files[0].split(sep).at(-1)} it said ${sentence}`);
  };
  const page = await open("/doctor.html");
  await said(page, [unknownOperator()], /: onnxruntime-web [\d.]+ does not run it: No Op registered for Tanx/);
  await said(
    page,
    [foreign("external.onnx")],
    /: the file "if-external.data" beside the model is missing: give it together with the model$/,
  );
  // A loop that never ends is ended with its worker.
  await dropFiles(page, [endlessLoop()]);
  await page.getByTestId("busy").filter({ hasText: "Loading" }).waitFor();
  await page.getByTestId("busy").filter({ hasText: "Measuring" }).waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(pictures, "doctor-busy.png"), fullPage: true });
  await page.getByTestId("stop").click();
  const stopped = await uncheckedOf(page, patience);
  if (!/it was stopped/.test(stopped)) problems.push(`after a stop it said ${stopped}`);
  await page.getByTestId("busy").waitFor({ state: "detached" });
  await dropFiles(page, [foreign("branch.onnx")]);
  await page.getByRole("heading", { name: "branch.onnx" }).waitFor();
  await recordOf(page, patience);
  await page.close();
  for (const [how, why] of [
    [(route) => route.fulfill({ status: 404, body: "not here" }), /could not be loaded: ort-wasm\S+ is not there \(HTTP 404\)$/],
    [(route) => route.abort(), /could not be loaded: nothing came from ort-wasm\S+ \(.+\)$/],
    [
      (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }),
      /what comes from ort-wasm\S+ is no WebAssembly$/,
    ],
    [
      (route) => route.fulfill({ contentType: "application/wasm", body: Buffer.from("\0asm\u0001\0\0\0\t\t\t") }),
      /could not be loaded: it does not start \(CompileError: .+\)$/,
    ],
  ]) {
    const context = await browser.newContext();
    await context.route("**/ort-wasm*", how);
    // Its console tells of what is missing, as it should.
    const own = await context.newPage();
    await own.goto(`${site.address}/doctor.html`);
    await said(own, [foreign("branch.onnx")], why);
    await context.close();
  }
  return problems.join("\n");
}

/** A model among the fixtures with other bytes. */
function edited(name, edit) {
  const folder = mkdtempSync(join(tmpdir(), "sonde-site-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, `edited-${name}`);
  writeFileSync(path, edit(readFileSync(foreign(name))));
  return path;
}

/** A branch with an operator that nobody knows. */
function unknownOperator() {
  return edited("branch.onnx", (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("Tanh", "Tanx"), "latin1"));
}

/** A loop of 2^62 steps. */
function endlessLoop() {
  return edited("loop.onnx", (bytes) => {
    const five = Buffer.from("0500000000000000", "hex");
    bytes.writeBigInt64LE(2n ** 62n, bytes.indexOf(five, bytes.indexOf("B\x05steps")));
    return bytes;
  });
}

async function droppedRecording() {
  const page = await open("/doctor.html");
  const path = join(root, "apps/docs/examples/recorded.npz");
  await dropFiles(page, [path]);
  await page.getByTestId("verdict").waitFor();
  const shown = await page.getByTestId("verdict").getAttribute("data-verdict");
  const problems = [
    differ("verdict", shown, sonde(`check ${relative(root, path)}`).verdict),
    ...(await compareRecord(page, `check ${relative(root, path)}`)),
    ...(await readReport(page)),
  ];
  await page.screenshot({ path: join(pictures, "doctor-recording.png"), fullPage: true });
  await page.close();
  return problems.filter(Boolean).join("\n");
}

async function droppedRubbish() {
  const page = await open("/doctor.html");
  await dropFiles(page, [join(root, "LICENSE")]);
  const said = await page.getByTestId("doctor-failure").textContent();
  await page.close();
  return /\w/.test(said) && !/undefined|\bat \w+ \(/.test(said) ? "" : `it said ${said}`;
}

async function latency() {
  const page = await open("/playground.html");
  await numberOf(page, "failure");
  const slider = page.getByRole("slider", { name: "depth" });
  await slider.focus();
  const measured = [];
  for (const gap of [700, 60]) {
    await page.evaluate("performance.clearMeasures('sonde:first-number')");
    for (let k = 0; k < 20; k++) {
      await page.keyboard.press(k % 8 < 4 ? "ArrowRight" : "ArrowLeft");
      await page.waitForTimeout(gap);
    }
    await page.waitForTimeout(1500);
    const times = await page.evaluate("performance.getEntriesByName('sonde:first-number').map(({ duration }) => duration)");
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor(share * (times.length - 1))]?.toFixed(0);
    measured.push(`${gap} ms apart: ${times.length} numbers, median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms`);
    if (times.length === 0) return "no number came";
  }
  await page.close();
  // A machine that others use tells nothing of a visitor's, so the times are shown and not judged.
  console.log(`        ${measured.join("; ")} (load ${loadavg()[0].toFixed(1)})`);
  return "";
}

async function firstLoad() {
  const sizes = [];
  for (const path of ["/", "/playground.html", "/start.html"]) {
    const page = await browser.newPage();
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    let bytes = 0;
    client.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${site.address}${path}`, { waitUntil: "networkidle", timeout: patience });
    const workers = await page.evaluate(
      "performance.getEntriesByType('resource').filter(({ name }) => /worker/.test(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)",
    );
    sizes.push([path, Math.round(bytes / 1000), Math.round(workers / 1000)]);
    await page.close();
  }
  console.log(`        ${sizes.map(([path, size]) => `${path} ${size} kB`).join(", ")}`);
  return sizes
    .filter(([, size]) => size >= 1000)
    .map(([path, size]) => `${path} loads ${size} kB`)
    .join("\n");
}

/** All pages but those of the API. */
function allPages() {
  return readdirSync(dist, { recursive: true })
    .filter((path) => path.endsWith(".html") && !path.startsWith("api") && path !== "404.html")
    .map((path) => `/${path.split(sep).join("/")}`)
    .sort();
}

async function widths() {
  const problems = [];
  const page = await open("/start.html");
  for (const path of allPages()) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${site.address}${path}`, { timeout: patience });
      const found = await page.evaluate((width) => {
        const cut =
          width < 1000
            ? []
            : [...document.querySelectorAll("main table, .VPPage table")].filter(
                (table) => table.scrollWidth > table.clientWidth + 1,
              );
        const wide =
          document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
        return [...cut.map((table) => `a table is cut off: ${table.textContent.slice(0, 60)}`), ...wide];
      }, width);
      problems.push(...found.map((what) => `${path} at ${width}: ${what}`));
    }
  }
  await page.close();
  return problems.join("\n");
}

async function accessibility() {
  const problems = [];
  for (const dark of [false, true]) {
    for (const path of [
      "/",
      "/playground.html",
      "/doctor.html",
      "/start.html",
      "/guides/stuck.html",
      "/concepts/born-dead.html",
      "/comparison.html",
    ]) {
      const page = await open(path, { dark });
      if (path === "/playground.html") await numberOf(page, "failure");
      await page.evaluate(axe);
      // VitePress's own bar and sidebar are not this project's.
      const { violations } = await page.evaluate(
        "axe.run({ exclude: ['.VPNav', '.VPSidebar', '.VPLocalNav', '.VPDocFooter', '.VPSkipLink'] }, { resultTypes: ['violations'] })",
      );
      for (const { id, impact, nodes } of violations)
        problems.push(
          `${path}${dark ? " (dark)" : ""}: ${id} (${impact}), ${nodes.length} times: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary.split("\n")[1] ?? ""}`,
        );
      await page.close();
    }
  }
  return problems.join("\n");
}

async function screenshots() {
  for (const width of [1280, 390])
    for (const dark of [false, true])
      for (const path of ["/", "/playground.html", "/doctor.html", "/guides/width-and-depth.html", "/comparison.html"]) {
        const page = await open(path, { width, dark });
        if (path === "/" || path === "/playground.html")
          await page.locator('[data-testid="verdict"][data-final="yes"]').waitFor({ timeout: patience });
        if (path === "/playground.html") await numberOf(page, "log-chi");
        const name = path === "/" ? "front" : path.slice(1).replace(".html", "").replaceAll("/", "-");
        await page.screenshot({ path: join(pictures, `${name}-${width}-${dark ? "dark" : "light"}.png`), fullPage: true });
        await page.close();
      }
  return "";
}
