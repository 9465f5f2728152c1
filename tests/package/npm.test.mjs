// The npm package as its users have it: packed, installed into an empty project, used from node, TypeScript, a Vite build
// and a plain page. `make npm` packs it.

import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "vite";
import { launchBrowser, newContext, serveSite, settled, watchProblems } from "../browser/site.mjs";
import { makeProject, ROOT, run } from "./project.mjs";

/** @import { Browser, Page } from "playwright-core" */
/** @import { WebServiceModel } from "../../www/elements/web-service-model.js" */

const FILES = {
  "golden.mjs": `
    import { readFile } from "node:fs/promises";
    import { fileURLToPath } from "node:url";
    import init, { Simulation } from "web-service-model";

    await init();
    const scenario = fileURLToPath(import.meta.resolve("web-service-model/scenarios/coursework.json"));
    const simulation = new Simulation(JSON.parse(await readFile(scenario, "utf8")));
    simulation.advanceTo(simulation.duration);
    process.stdout.write(simulation.reportJson());
  `,
  "theory.mjs": `
    import init, { Experiment, ValidationCheck, WebServiceModelError, validationRows, version } from "web-service-model";

    await init();
    let code;
    try {
      new Experiment({ systems: [{ duration: -1 }], replications: 2 });
    } catch (error) {
      code = error instanceof WebServiceModelError && error.code;
    }
    console.log(JSON.stringify({ version: version(), code, rows: validationRows().rows.length > 10, check: typeof ValidationCheck }));
  `,
  "types.ts": `
    import init, { Simulation, type Config, type Report } from "web-service-model";
    import { WebServiceModel } from "web-service-model/element";

    await init();
    const config: Config = { duration: 10, users: {}, services: {} };
    const report: Report = new Simulation(config).report();
    const ratio: number | null = report.requests.success_ratio;
    const lab: WebServiceModel = document.createElement("web-service-model");
    lab.addEventListener("finished", ({ detail }) => detail.report.requests.total.toFixed());
    lab.addEventListener("click", ({ clientX }) => clientX.toFixed());
    console.log(WebServiceModel.observedAttributes.length, lab instanceof WebServiceModel);
    lab.patch({ duration: 20 }).map((change) => change.length);
    // @ts-expect-error There is no such thing.
    lab.explode();
    // @ts-expect-error A duration is no list.
    lab.load({ duration: [ratio] });
  `,
  "vite.html": `<!doctype html><title>Vite</title><link rel="icon" href="data:," /><script type="module" src="vite.js"></script>
    <web-service-model scenario="overload" speed="max"></web-service-model>`,
  "vite.js": `
    import "web-service-model/element";
    import init, { Simulation } from "web-service-model";
    import config from "web-service-model/scenarios/coursework.json";

    await init();
    const simulation = new Simulation(config);
    simulation.advanceTo(simulation.duration);
    document.title = String(simulation.report().requests.total);
  `,
  "plain.html": `<!doctype html><title>plain</title><link rel="icon" href="data:," />
    <script type="module" src="node_modules/web-service-model/element.js"></script>
    <web-service-model scenario="overload" speed="max" lang="ru"></web-service-model>`,
};

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Browser} */
let browser;

before(async () => {
  [project, browser] = await Promise.all([makeProject(FILES), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await project?.remove();
});

/** @param {string} name */
const inPackage = (name) => join(project.folder, "node_modules/web-service-model", name);

/** @param {string} script */
async function node(script) {
  const { stdout } = await run("node", [script], { cwd: project.folder, maxBuffer: 2 ** 24 });
  return stdout;
}

test("the package has what its manifest names, its licences, and nothing else", async () => {
  const manifest = JSON.parse(await readFile(inPackage("package.json"), "utf8"));
  const named = JSON.stringify(manifest.exports).match(/(?<="\.\/)[\w.-]+\.\w+(?=")/g) ?? [];
  assert.ok(named.length >= 6);
  for (const name of named) await stat(inPackage(name));
  assert.deepEqual((await readdir(inPackage("."))).sort(), [
    "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "NOTICE.txt", "README.md", "custom-elements.json", "element.d.ts", "element.js",
    "experiment-worker.js", "experiments", "node.js", "package.json", "scenarios", "schema.json", "web-service-model.d.ts",
    "web-service-model.js", "web-service-model_bg.wasm",
  ]);
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
  const notices = await readFile(inPackage("NOTICE.txt"), "utf8");
  for (const name of ["serde_json", "wasm-bindgen", "@dagrejs/dagre"]) assert.ok(notices.includes(`${name} `), name);
});

test("node runs a scenario, and its report is the one that is kept", async () => {
  assert.equal(await node("golden.mjs"), await readFile(join(ROOT, "tests/golden/coursework.json"), "utf8"));
});

test("node has experiments, and errors as a browser has them", async () => {
  const { version } = JSON.parse(await readFile(inPackage("package.json"), "utf8"));
  assert.deepEqual(JSON.parse(await node("theory.mjs")), { version, code: "bad_config", rows: true, check: "function" });
});

test("the example of the README gives what it says", async () => {
  const [, example] = /```js\n(import init[^]*?)```/.exec(await readFile(inPackage("README.md"), "utf8")) ?? [];
  await writeFile(join(project.folder, "readme.mjs"), example);
  const mean = Number(await node("readme.mjs"));
  assert.ok(Math.abs(mean - 2) < 0.5, `${mean}`);
});

test("TypeScript knows the library and the element", async () => {
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--types", "", "--module", module];
    await run(tsc, [...options, "--moduleResolution", resolution, "types.ts"], { cwd: project.folder }).catch(({ stdout }) => assert.fail(`${module}: ${stdout}`));
  }
});

test("a page built by Vite has the picture, runs, and does experiments on Workers", async () => {
  const outDir = join(project.folder, "built");
  await build({ root: project.folder, configFile: false, logLevel: "error", base: "./", build: { outDir, rolldownOptions: { input: join(project.folder, "vite.html") } } });
  const site = await serveSite(outDir, { headers: {} });
  try {
    await open(`${site.url}vite.html`, async (page) => {
      await runs(page);
      const golden = JSON.parse(await readFile(join(ROOT, "tests/golden/coursework.json"), "utf8"));
      await page.waitForFunction((total) => document.title === String(total), golden.requests.total);
      await experiments(page, "Experiments", "Start");
    });
  } finally {
    await site.close();
  }
});

test("a plain page with one script does, too, under a strict policy and in Russian", async () => {
  const site = await serveSite(project.folder);
  try {
    await open(`${site.url}plain.html`, async (page) => {
      await runs(page);
      assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector("web-service-model")).shadowRoot.querySelector(".lab").lang), "ru");
      await experiments(page, "Эксперименты", "Начать");
      await described(page);
    });
  } finally {
    await site.close();
  }
});

/** @param {string} address @param {(page: Page) => Promise<void>} work */
async function open(address, work) {
  const context = await newContext(browser, { viewport: { width: 1280, height: 900 } });
  try {
    await context.addInitScript(settled);
    const page = await context.newPage();
    const problems = watchProblems(page);
    await page.goto(address);
    await work(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** The element shows the system, with its styles, and a run comes to its end. @param {Page} page */
async function runs(page) {
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector("web-service-model"))?.simulation);
  await page.locator("web-service-model .topology svg").first().waitFor();
  const radius = await page.locator("web-service-model .figure.card").first().evaluate((card) => getComputedStyle(card).borderRadius);
  assert.notEqual(radius, "0px", "the styles are there");
  const scenario = await page.locator("web-service-model").evaluate(async (element) => {
    const lab = /** @type {WebServiceModel} */ (element);
    const finished = new Promise((resolve) => lab.addEventListener("finished", resolve, { once: true }));
    lab.play();
    const { detail } = /** @type {CustomEvent} */ (await finished);
    return detail.report.scenario;
  });
  assert.equal(scenario, "overload");
}

/** @param {Page} page @param {string} tab @param {string} start */
async function experiments(page, tab, start) {
  const workers = new Promise((resolve) => page.once("worker", resolve));
  await page.getByRole("tab", { name: tab, exact: true }).click();
  await page.locator("#experiment-replications").fill("4");
  await page.getByRole("button", { name: start, exact: true }).click();
  await page.locator(".experiment-results tbody tr").first().waitFor();
  await workers;
}

/** What custom-elements.json says of the element is what it has. @param {Page} page */
async function described(page) {
  const { modules } = JSON.parse(await readFile(inPackage("custom-elements.json"), "utf8"));
  const [{ attributes, members, events, cssProperties, tagName }] = modules[0].declarations;
  const found = await page.evaluate(async (tag) => {
    const made = /** @type {any} */ (customElements.get(tag));
    const own = Object.entries(Object.getOwnPropertyDescriptors(made.prototype)).filter(([name]) => !/^(constructor|\w+Callback)$/.test(name));
    return {
      observed: made.observedAttributes,
      methods: own.filter(([, { value }]) => typeof value === "function").map(([name]) => name),
      fields: own.filter(([, { get }]) => get).map(([name, { set }]) => [name, !set]),
    };
  }, tagName);
  const names = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name).sort();
  const ofKind = (/** @type {string} */ kind) => members.filter((/** @type {any} */ member) => member.kind === kind);
  // Those that are only looked for are not observed.
  assert.deepEqual(names(attributes), [...found.observed, "autoplay", "permalink", "drafts"].sort());
  assert.deepEqual(names(ofKind("method")), found.methods.sort());
  assert.deepEqual(ofKind("field").map((/** @type {any} */ field) => [field.name, field.readonly === true]).sort(), found.fields.sort());
  const types = await readFile(inPackage("element.d.ts"), "utf8");
  const declared = (/** @type {RegExp} */ pattern) => [...new Set([...types.matchAll(pattern)].map(([, name]) => name))].sort();
  assert.deepEqual(declared(/^ {2}(?!addEventListener)(\w+)\(/gm), found.methods);
  assert.deepEqual(declared(/^ {2}(?:readonly )?(\w+): (?!\{)/gm), names(ofKind("field")));
  assert.deepEqual(declared(/^ {2}(\w+): \{/gm), names(events));
  const messages = await readFile(join(ROOT, "www/run/frame-messages.js"), "utf8");
  const told = /const EVENTS = .*\((\[.*\])\);/.exec(messages)?.[1] ?? "";
  assert.deepEqual(names(events), JSON.parse(told).sort());
  const styles = await readFile(join(ROOT, "www/elements/styles/element.css"), "utf8");
  for (const { name } of cssProperties) assert.match(styles, new RegExp(`^  ${name}: `, "m"));
}
