import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { json, writeJson } from "./json-text.mjs";
import { finish, inModel, now, openTab, standstill, status } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** Changes the configuration in the editor. @param {Page} page @param {(config: any) => void} change */
async function edit(page, change) {
  await openTab(page, "Configuration");
  const config = await json(page);
  change(config);
  await writeJson(page, JSON.stringify(config));
}

pageTest("a bad configuration is shown with its paths, and the run goes on", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(3));
  await edit(page, (config) => {
    config.services.PaymentService.fail_prob = 7;
    config.services.DataService.instances = 0;
  });
  for (const button of ["Apply to this run", "Restart with it"]) {
    await page.getByRole("button", { name: button }).click();
    await page.getByText(/mistakes; nothing was applied/).waitFor();
    await page.getByText("services.PaymentService.fail_prob: 7").waitFor();
    await page.getByText("services.DataService.instances: 0").waitFor();
  }
  assert.equal(await now(page), 3);
  await page.getByRole("button", { name: "Discard my changes" }).click();
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await page.getByText("Nothing is changed.").waitFor();
});

pageTest("a change applies to the run in progress, or asks for a restart", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(3));
  await edit(page, (config) => (config.services.PaymentService.fail_prob = 0.5));
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await page.getByText(/Applied: services.PaymentService.fail_prob/).waitFor();
  assert.equal(await now(page), 3);
  await writeJson(page, JSON.stringify({ ...(await json(page)), seed: 99 }));
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await page.getByText(/Restart with it\./).waitFor();
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  assert.equal(await inModel(page, (element) => element.seed), 99);
  assert.equal(await now(page), 0);
  await writeJson(page, "{ nonsense");
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText(/This is not JSON/).waitFor();
});

pageTest("another scenario takes the place of an unsaved text, a new seed does not", {}, async (page) => {
  await standstill(page);
  await edit(page, (config) => (config.duration = 12));
  await inModel(page, (element) => (element.seed = 7));
  assert.equal((await json(page)).duration, 12);
  await page.locator("#scenario").selectOption("overload");
  await page.locator("#description").getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
  assert.deepEqual(await json(page), await inModel(page, (element) => element.config));
});

pageTest("what is no configuration is refused in words", { path: "?seed=5" }, async (page) => {
  await standstill(page);
  const messages = await inModel(page, (element) => [null, [], 5].map((config) => {
    try {
      element.load(/** @type {any} */ (config));
      return "accepted";
    } catch (problem) {
      return `${/** @type {any} */ (problem).code}: ${/** @type {Error} */ (problem).message}`;
    }
  }));
  for (const message of messages) assert.match(message, /^bad_config: .* is not an object$/);
  await openTab(page, "Configuration");
  await writeJson(page, "null");
  for (const button of ["Apply to this run", "Restart with it"]) {
    await page.getByRole("button", { name: button }).click();
    await page.getByText("1 mistake; nothing was applied").waitFor();
    await page.locator(".form-mistakes").getByText("is not an object").waitFor();
  }
  assert.equal(await inModel(page, (element) => element.seed), 5);
});

pageTest("names in a configuration never become HTML", {}, async (page) => {
  await standstill(page);
  const name = "<img src=x onerror=globalThis.hacked=1>";
  await inModel(page, (element, name) => {
    element.load({
      title: { en: name },
      description: { en: name },
      users: { all: { arrivals: { poisson: { rate: 50 } }, targets: { [name]: 1 } } },
      services: { [name]: { base_latency: 0.01 } },
    });
  }, name).catch((problem) => assert.match(String(problem), /WebServiceModelError/));
  await finish(page);
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).hacked), undefined);
  assert.equal(await page.locator("web-service-model .view img").count(), 0);
});

pageTest("a scenario that is not there is said to be missing", { path: "?scenario=nowhere", allow: /404/ }, async (page) => {
  const alert = page.getByRole("alert");
  await alert.getByText('The scenario "nowhere" could not be loaded').waitFor();
  assert.equal(await status(page), "Nothing to run");
  await alert.getByRole("button", { name: "Try again" }).waitFor();
  await alert.getByRole("button", { name: "Open the first scenario" }).click();
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  assert.equal(await inModel(page, (element) => element.getAttribute("scenario")), null);
  await page.waitForFunction(() => !document.querySelector("web-service-model")?.shadowRoot?.querySelector(".alert"));
});

pageTest("a scenario that does not load leaves the menu at what runs, and can be tried again", { allow: /ERR_FAILED/ }, async (page) => {
  await standstill(page);
  const menu = page.locator("#scenario");
  let offline = true;
  await page.route("**/overload.json", (route) => (offline ? route.abort() : route.continue()));
  await menu.selectOption("overload");
  await page.getByRole("alert").getByText('The scenario "overload" could not be loaded').waitFor();
  assert.equal(await menu.inputValue(), "coursework");
  const named = () => inModel(page, (element) => element.getAttribute("scenario"));
  const before = await named();
  assert.notEqual(before, "overload", "the attribute says what runs");
  await inModel(page, (element) => element.setAttribute("scenario", "overload"));
  await page.waitForFunction((before) => document.querySelector("web-service-model")?.getAttribute("scenario") === before, before);
  offline = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#description").getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
  assert.equal(await menu.inputValue(), "overload");
  assert.equal(await named(), "overload");
});

pageTest("a list of scenarios that does not load can be tried again", { path: "about.html", allow: /./ }, async (page) => {
  let offline = true;
  await page.route("**/scenarios/index.json", (route) => (offline ? route.abort() : route.continue()));
  await page.goto(page.url().replace("about.html", ""));
  await page.getByRole("alert").getByText("The list of scenarios could not be loaded").waitFor();
  offline = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await standstill(page);
  await page.locator("#scenario").selectOption("overload");
  await page.locator("#description").getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
});

pageTest("a missing list of scenarios is told after the run that is there without it", { path: "about.html", allow: /404|ERR_FAILED/ }, async (page) => {
  await page.route("**/scenarios/index.json", (route) => route.abort());
  await page.route("**/scenarios/overload.json", async (route) => {
    await new Promise((done) => setTimeout(done, 500));
    await route.continue();
  });
  await page.addInitScript(() => {
    const told = Object.assign(globalThis, { told: /** @type {string[]} */ ([]) }).told;
    for (const name of ["ready", "error"]) addEventListener(name, (event) => event instanceof CustomEvent && told.push(name));
  });
  await page.goto(page.url().replace("about.html", "?autoplay=0&scenario=overload"));
  await page.getByRole("alert").getByText("The list of scenarios could not be loaded").waitFor();
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).told), ["ready", "error"]);
  // And it stays: the reader has no menu to choose from.
  assert.ok(await page.getByRole("alert").getByText("The list of scenarios could not be loaded").isVisible());
});

pageTest("a broken scenario file is shown with its mistakes", {}, async (page) => {
  await standstill(page);
  await page.route("**/overload.json", (route) => route.fulfill({ body: '{"services": {"A": {"instances": -1}}}' }));
  await page.locator("#scenario").selectOption("overload");
  await page.getByRole("alert").getByText(/The configuration has/).waitFor();
  // What ran before is still there.
  assert.equal(await now(page), 0);
});

pageTest("a simulator that does not load is said not to, and can be tried again", { path: "about.html", allow: /./ }, async (page) => {
  let broken = true;
  await page.route("**/*.wasm", (route) => (broken ? route.abort() : route.continue()));
  await page.goto(page.url().replace("about.html", ""));
  await page.getByRole("alert").getByText("The simulator could not be loaded").waitFor();
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Running", { exact: true }).waitFor();
});

pageTest("a view that cannot be fetched says so, and is there at another try", { allow: /chunks\/editor|dynamically imported/ }, async (page) => {
  let broken = true;
  await page.route("**/chunks/editor-*", (route) => (broken ? route.abort() : route.continue()));
  await standstill(page);
  await openTab(page, "Configuration");
  const alert = page.getByRole("alert").filter({ hasText: "This part of the page could not be loaded" });
  await alert.waitFor();
  broken = false;
  // A browser may remember the failure until the page is loaded again, which the alert says.
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByLabel("Configuration as JSON").or(alert).first().waitFor();
  await page.reload();
  await standstill(page);
  await openTab(page, "Configuration");
  await page.getByLabel("Configuration as JSON").waitFor();
});

pageTest("after a crash of the simulator the page says so and starts anew", {}, async (page) => {
  await standstill(page);
  const heard = await inModel(page, (element) => new Promise((done) => {
    element.addEventListener("error", (event) => done(/** @type {any} */ (event).detail.message));
    /** @type {any} */ (element.simulation).advanceFor = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    element.play();
  }));
  assert.equal(heard, "unreachable");
  assert.equal(await status(page), "Crashed");
  await page.getByRole("alert").getByText("The simulator crashed").waitFor();
  await page.getByRole("button", { name: "Start anew" }).click();
  await finish(page);
});
