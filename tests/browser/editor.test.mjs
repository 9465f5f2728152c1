import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { json, writeJson } from "./json-text.mjs";
import { inModel, now, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** Opens the editor at a part of the configuration. @param {Page} page @param {string} [part] */
async function open(page, part) {
  await standstill(page);
  await openView(page, "editor");
  await page.locator(".form-chosen .form-group").first().waitFor();
  if (part) await choose(page, part);
}

/** @param {Page} page @param {string} part */
async function choose(page, part) {
  await page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();
}

/** The row of a field. @param {Page} page @param {string} path */
function field(page, path) {
  return page.locator(`[data-path='${path}']`).last();
}

/** @param {Page} page @param {string} path */
const control = (page, path) => field(page, path).locator("input, select, textarea").first();

/** Waits for the form of a part. @param {Page} page @param {string} name */
async function title(page, name) {
  await page.locator(".form-chosen .form-title").first().and(page.getByText(name, { exact: true })).waitFor();
}

/** @param {Page} page @param {string | RegExp} text */
async function says(page, text) {
  await page.locator(".editor-state").getByText(text).waitFor();
}

pageTest("a change in the form shows in the JSON, and applies to the run in progress", {}, async (page) => {
  await open(page, "PaymentService");
  await inModel(page, (element) => element.stepSeconds(3));
  await control(page, "services.PaymentService.fail_prob").fill("0.25");
  assert.equal((await json(page)).services.PaymentService.fail_prob, 0.25);
  await field(page, "services.PaymentService.fail_prob").getByText("= 25.0%").waitFor();
  await says(page, "1 change, which this run can take");
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await page.getByText(/Applied: services.PaymentService.fail_prob: 0.05 → 0.25/).waitFor();
  await says(page, "Nothing is changed.");
  assert.equal(await now(page), 3);
  assert.equal(await inModel(page, (element) => element.config?.services?.PaymentService.fail_prob), 0.25);
});

pageTest("a policy is one of those that have a name, or one of its own", {}, async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Add: policy" }).click();
  assert.deepEqual((await json(page)).policies, { policy: { timeout: 1 } });
  await page.getByLabel("Name", { exact: true }).fill("careful");
  await page.getByLabel("Name", { exact: true }).press("Enter");
  await choose(page, "clients");
  const select = field(page, "users.clients.policy").locator("select").first();
  await select.selectOption("careful");
  const { users, policies: named } = await json(page);
  assert.deepEqual([users.clients.policy, named], ["careful", { careful: { timeout: 1 } }]);
  await select.selectOption({ label: "of its own" });
  await control(page, "users.clients.policy.timeout").fill("2s");
  await field(page, "users.clients.policy.retry").getByRole("button", { name: "Add: Retries" }).click();
  await control(page, "users.clients.policy.retry.max").fill("2");
  assert.deepEqual((await json(page)).users.clients.policy, { timeout: "2s", retry: { max: 2 } });
  await says(page, "3 changes, all of which this run can take");
  await select.selectOption("");
  assert.equal((await json(page)).users.clients.policy, undefined);
});

pageTest("causes of failure are ticked, and a breaker shows the window that it has by default", {}, async (page) => {
  await open(page, "clients");
  await field(page, "users.clients.policy").locator("select").first().selectOption({ label: "of its own" });
  await field(page, "users.clients.policy.breaker").getByRole("button", { name: "Add: Circuit breaker" }).click();
  const window = field(page, "users.clients.policy.breaker.window");
  assert.equal(await window.locator("select").inputValue(), "calls");
  await window.locator("input").fill("50");
  await field(page, "users.clients.policy.breaker").locator("summary").first().click();
  await field(page, "users.clients.policy.breaker.ignore").locator("input[value=queue_full]").check();
  const { breaker } = (await json(page)).users.clients.policy;
  assert.deepEqual(breaker, { window: { calls: 50 }, ignore: ["queue_full"] });
  await field(page, "users.clients.policy.breaker.ignore").locator("input[value=queue_full]").uncheck();
  assert.equal((await json(page)).users.clients.policy.breaker.ignore, undefined);
});

pageTest("a change that needs a restart says which field does", {}, async (page) => {
  await open(page, "General");
  await control(page, "seed").fill("5");
  await says(page, /Needs a restart because of/);
  await page.locator(".editor-state").getByRole("button", { name: "seed" }).click();
  assert.equal(await control(page, "seed").evaluate((input) => /** @type {any} */ (input.getRootNode()).activeElement === input), true);
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await page.locator(".editor-result").getByText(/Restart with it\./).waitFor();
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  assert.equal(await inModel(page, (element) => element.seed), 5);
  await says(page, "Nothing is changed.");
  // The way back stays open after the restart.
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await control(page, "seed").inputValue(), "");
});

pageTest("instances are added while the run goes on", {}, async (page) => {
  await open(page, "PaymentService");
  await inModel(page, (element) => element.stepSeconds(3));
  await control(page, "services.PaymentService.instances").fill("5");
  await says(page, "1 change, which this run can take");
  await page.getByRole("button", { name: "Apply to this run" }).click();
  await says(page, "Nothing is changed.");
  assert.equal(await now(page), 3);
  await openView(page, "components");
  await page.locator('.components [data-component="PaymentService-4"]').waitFor();
});

pageTest("mistakes stand at their fields as they are typed, and in a list that leads there", {}, async (page) => {
  await open(page, "PaymentService");
  const row = field(page, "services.PaymentService.fail_prob");
  await control(page, "services.PaymentService.fail_prob").fill("7");
  await row.locator(".field-findings").getByText("is too large (a probability, 0 to 1)").waitFor();
  assert.equal(await control(page, "services.PaymentService.fail_prob").getAttribute("aria-invalid"), "true");
  await control(page, "services.PaymentService.base_latency").fill("5 parsecs");
  await field(page, "services.PaymentService.base_latency").getByText(/is not a time/).waitFor();
  await choose(page, "Network");
  await page.locator(".nav-item .nav-errors").waitFor();
  await page.getByRole("button", { name: "services.PaymentService.fail_prob: 7" }).click();
  await title(page, "PaymentService");
  await control(page, "services.PaymentService.base_latency").fill("120ms");
  await control(page, "services.PaymentService.fail_prob").fill("0,5");
  await page.locator(".form-mistakes").waitFor({ state: "hidden" });
  assert.equal((await json(page)).services.PaymentService.base_latency, "120ms");
  assert.equal((await json(page)).services.PaymentService.fail_prob, 0.5);
  assert.equal(await page.locator(".form-chosen [aria-invalid]").count(), 0);
});

pageTest("a mistake in a rarely used field opens its place", {}, async (page) => {
  await open(page, "PaymentService");
  const config = await json(page);
  config.services.PaymentService.weights = [-1];
  config.services.PaymentService.bogus = 1;
  await writeJson(page, JSON.stringify(config));
  await field(page, "services.PaymentService.weights").locator(".field-findings").getByText(/too/).waitFor();
  await page.locator(".form-chosen > .section-form > .form-group > .field-findings").getByText(/unknown field/).waitFor();
});

pageTest("the JSON changes the form, and both share one history", {}, async (page) => {
  await open(page, "PaymentDB");
  const config = await json(page);
  config.db_clusters.PaymentDB.replicas = 7;
  await writeJson(page, JSON.stringify(config));
  assert.equal(await control(page, "db_clusters.PaymentDB.replicas").inputValue(), "7");
  await control(page, "db_clusters.PaymentDB.connections").fill("12");
  await writeJson(page, "{ nonsense");
  await page.getByText(/This is not JSON/).waitFor();
  // The form takes over.
  await control(page, "db_clusters.PaymentDB.connections").fill("13");
  assert.equal((await json(page)).db_clusters.PaymentDB.connections, 13);
  await choose(page, "Network");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  assert.deepEqual((await json(page)).db_clusters.PaymentDB.connections, undefined);
  // Undo shows where it happened.
  await title(page, "PaymentDB");
  await page.keyboard.press("Control+z");
  assert.equal(await control(page, "db_clusters.PaymentDB.replicas").inputValue(), "2");
  assert.ok(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled());
  await page.locator(".nav-item").first().focus();
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  const redone = (await json(page)).db_clusters.PaymentDB;
  assert.deepEqual([redone.replicas, redone.connections], [7, 13]);
});

pageTest("components are added, renamed with all that refers to them, duplicated and removed", {}, async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Add: service", exact: true }).click();
  await title(page, "Service");
  // The name of what is new can be typed at once.
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Cart");
  await page.keyboard.press("Enter");
  await title(page, "Cart");
  assert.deepEqual(Object.keys((await json(page)).services).at(-1), "Cart");
  await says(page, /Needs a restart/);
  await choose(page, "RabbitMQ");
  const name = page.locator(".form-chosen .name-input input").first();
  await name.fill("Kafka");
  await name.press("Enter");
  const config = await json(page);
  assert.deepEqual(Object.keys(config.brokers), ["Kafka"]);
  assert.equal(config.services.PaymentService.publish.broker, "Kafka");
  await name.fill("");
  await page.getByText("A name is needed.").waitFor();
  await choose(page, "DataCache");
  await page.getByRole("button", { name: "Duplicate: DataCache" }).click();
  assert.deepEqual(Object.keys((await json(page)).caches), ["DataCache", "DataCache-copy"]);
  await page.locator(".form-chosen .name-input input").first().fill("DataCache");
  await page.getByText("There is already one with this name.").waitFor();
  await page.getByRole("button", { name: "Remove: DataCache-copy" }).click();
  await title(page, "General");
  await page.getByRole("button", { name: "Restart with it" }).click();
  await openView(page, "components");
  await page.locator('.components [data-component="Cart-0"]').waitFor();
});

pageTest("references offer the names there are, and show one that is gone", {}, async (page) => {
  await open(page, "PaymentService");
  const select = control(page, "services.PaymentService.database.name");
  assert.deepEqual(await select.locator("option").allTextContents(), ["Choose", "PaymentDB", "DataDB", "PublicInfoDB", "NotificationDB", "AuthCluster"]);
  await choose(page, "PaymentDB");
  await page.getByRole("button", { name: "Remove: PaymentDB" }).click();
  await page.getByRole("button", { name: /services.PaymentService.database.name/ }).click();
  await page.getByText(/is not one of db_clusters/).first().waitFor();
  assert.equal(await select.locator("option:checked").textContent(), "PaymentDB (does not exist)");
  await select.selectOption("DataDB");
  await page.getByRole("button", { name: "Add: fault" }).click();
  await control(page, "faults[0].crash.component").selectOption("DataDB/primary");
  await page.locator(".form-chosen .form-head select").first().selectOption("partition");
  await control(page, "faults[0].partition.between[0]").selectOption("balancer");
  await control(page, "faults[0].partition.between[1]").selectOption("PaymentService-1");
  assert.deepEqual((await json(page)).faults[0].partition.between, ["balancer", "PaymentService-1"]);
});

pageTest("sections, lists and targets are added and removed", {}, async (page) => {
  await open(page, "PaymentService");
  await page.getByRole("button", { name: "Add: Cache", exact: true }).click();
  assert.equal((await json(page)).services.PaymentService.cache.name, "DataCache");
  await page.getByRole("button", { name: "Remove: Cache", exact: true }).click();
  assert.equal((await json(page)).services.PaymentService.cache, undefined);
  await page.getByRole("button", { name: "Add: call", exact: true }).click();
  await page.getByRole("button", { name: "Add: call", exact: true }).click();
  await field(page, "services.PaymentService.calls[0].to").getByLabel("DataService").check();
  await page.getByRole("button", { name: "Earlier: call 2" }).click();
  assert.deepEqual((await json(page)).services.PaymentService.calls, [{ to: ["NotificationService"] }, { to: ["NotificationService", "DataService"] }]);
  await page.getByRole("button", { name: "Remove: call 1" }).click();
  assert.equal((await json(page)).services.PaymentService.calls.length, 1);
  await choose(page, "clients");
  await page.getByRole("button", { name: "Remove: target DataService" }).click();
  await page.getByRole("button", { name: "Add: target" }).click();
  assert.deepEqual(Object.keys((await json(page)).users.clients.targets), ["PaymentService", "PublicInfoService", "DataService"]);
  await choose(page, "RabbitMQ");
  await page.getByRole("button", { name: "Add: queue" }).click();
  await page.getByRole("button", { name: "Remove: queue queue" }).click();
  await choose(page, "Authorisation");
  await page.getByRole("button", { name: "Remove: Authorisation" }).click();
  assert.equal((await json(page)).auth, undefined);
});

pageTest("the keyboard alone reaches a component, its fields and the JSON", {}, async (page) => {
  await open(page);
  const focused = () => page.evaluate(() => {
    const element = document.querySelector("web-service-model")?.shadowRoot?.activeElement;
    return element?.closest("[data-path]")?.getAttribute("data-path") ?? element?.textContent ?? "";
  });
  await page.locator(".nav-item").first().focus();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), "PaymentService");
  await page.keyboard.press("Enter");
  await title(page, "PaymentService");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  assert.equal(await focused(), "General");
  await page.keyboard.press("ArrowUp");
  // Past the buttons that add, into the form.
  for (let step = 0; step < 20 && (await focused()) !== "services.PaymentService.instances"; step += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("4");
  assert.equal((await json(page)).services.PaymentService.instances, 4);
});

pageTest("a distribution changes its kind, keeps its mean, and shows its density", {}, async (page) => {
  await open(page, "Network");
  const tcp = page.locator(".form-distribution[data-path='network.tcp']");
  const picture = tcp.locator("svg[role=img]");
  assert.match((await picture.getAttribute("aria-label")) ?? "", /mean 20.ms/);
  const kinds = await tcp.locator("select").first().locator("option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  assert.equal(kinds.length, 12);
  for (const kind of kinds.slice(2)) {
    await tcp.locator("select").first().selectOption(kind);
    assert.match((await picture.getAttribute("aria-label")) ?? "", /mean (19|20|21)/, kind);
    assert.equal(await page.locator(".form-mistakes").isVisible(), false);
  }
  await tcp.locator("select").first().selectOption("exponential");
  await control(page, "network.tcp.exponential.mean").fill("40ms");
  assert.deepEqual((await json(page)).network.tcp, { exponential: { mean: "40ms" } });
  assert.match((await picture.getAttribute("aria-label")) ?? "", /mean 40/);
  await tcp.locator("select").first().selectOption("constant");
  assert.equal((await json(page)).network.tcp, 0.04);
  assert.ok(await tcp.locator(".density").isHidden());
  await tcp.locator("select").first().selectOption("");
  assert.equal((await json(page)).network.tcp, undefined);
});

pageTest("what another hand changes joins what is being edited", {}, async (page) => {
  await open(page, "PaymentService");
  await control(page, "services.PaymentService.workers").fill("4");
  await inModel(page, (element) => element.patch({ services: { PaymentService: { fail_prob: 0.9 } } }));
  assert.equal(await control(page, "services.PaymentService.fail_prob").inputValue(), "0.9");
  assert.equal(await control(page, "services.PaymentService.workers").inputValue(), "4");
  await says(page, "1 change, which this run can take");
  await page.getByRole("button", { name: "Discard my changes" }).click();
  assert.equal(await control(page, "services.PaymentService.workers").inputValue(), "");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  assert.equal(await control(page, "services.PaymentService.workers").inputValue(), "4");
});

pageTest("a name in a configuration never becomes HTML in the form", {}, async (page) => {
  await open(page);
  const name = '<img src=x onerror=globalThis.hacked=1>"]';
  const config = { services: { [name]: { instances: 0, service_time: 1 }, B: { service_time: 1, calls: [{ to: [name] }] } }, faults: [{ crash: { component: name, at: 1 } }] };
  await writeJson(page, JSON.stringify(config));
  for (const part of [name, "B"]) {
    await choose(page, part);
    await title(page, part);
  }
  await page.locator(".form-mistakes").getByRole("button").first().click();
  await title(page, name);
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).hacked), undefined);
  assert.equal(await page.locator("web-service-model .view img").count(), 0);
});

pageTest("nonsense in the JSON does not break the form", {}, async (page) => {
  await open(page, "PaymentService");
  const odd = [null, 5, [], "x", { services: 5, faults: {}, users: { a: 5 }, network: [], caches: { c: { outages: 1, keyed: [] } } },
    { users: { a: { arrivals: 3, targets: [1], client: "x" } }, services: { s: { calls: [5, { to: 5 }], service_time: [], outages: { up: {}, down: { uniform: 3 } } } }, faults: [5, null, { crash: 1 }] }];
  for (const value of odd) {
    await writeJson(page, JSON.stringify(value));
    await page.locator(".form-mistakes li").first().waitFor();
    for (const item of await page.locator(".nav-item").all()) await item.click();
  }
});

const PARTS = ["General", "Network", "Authorisation", "clients", "PaymentService", "PaymentDB", "DataCache", "RabbitMQ"];

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  pageTest(`axe finds nothing in the editor (${colorScheme})`, { colorScheme, bypassCSP: true }, async (page) => {
    await open(page);
    await page.getByRole("button", { name: "Add: fault" }).click();
    for (const part of PARTS) {
      await choose(page, part);
      await page.locator(".form-chosen").evaluate((form) => form.querySelectorAll("details").forEach((more) => (more.open = true)));
      if (part === "PaymentService") await control(page, "services.PaymentService.instances").fill("x");
      await page.waitForTimeout(250);
      await assertAccessible(page);
    }
  });
}

pageTest("the editor fits a phone, one pane at a time", { viewport: { width: 360, height: 700 }, locale: "ru-RU", bypassCSP: true }, async (page) => {
  await open(page).catch(() => {});
  for (const part of ["Общее", "Сеть", "Авторизация", "clients", "PaymentService", "PaymentDB", "DataCache", "RabbitMQ"]) {
    await choose(page, part);
    await assertNoSidewaysScroll(page);
    const wide = await page.locator(".form-chosen").evaluate((form) => [...form.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".form-parameters")).map((one) => one.className));
    assert.deepEqual(wide, [], part);
    await page.getByRole("button", { name: "Все разделы" }).click();
  }
  await assertAccessible(page);
});

pageTest("nothing in the editor stays English in Russian", { locale: "ru-RU" }, async (page) => {
  await open(page);
  await page.locator(".nav-add").last().click();
  /** @type {Set<string>} */
  const words = new Set();
  for (const item of await page.locator(".nav-item").all()) {
    await item.click();
    await page.locator(".form-side").evaluate((side) => {
      side.querySelectorAll("details").forEach((more) => (more.open = true));
      side.querySelectorAll("code").forEach((code) => (code.hidden = true));
    });
    const text = await page.locator(".form-side").innerText();
    for (const word of text.match(/[A-Za-z]{3,}/g) ?? []) words.add(word);
  }
  // Names, what stands as code, and what has no Russian word.
  const known = /^(JSON|Schema|TCP|TLS|GET|POST|PostgreSQL|RabbitMQ|Redis|Linux|nginx|hash|Kubernetes|Sentinel|Patroni|CoDel|AIMD|Netflix|peak|EWMA|HAProxy|Finagle|Linkerd|Envoy|AMQP|PgBouncer|leastconn|FIRST|ANY|messages|clients|users|balancer|primary|Shop|Orders|OrdersDB|\w*(Service|DB|Cache|Cluster))$/;
  assert.deepEqual([...words].filter((word) => !known.test(word)), []);
});

pageTest("of sixty components only the chosen one has its fields built, and a letter builds none", {}, async (page) => {
  await open(page);
  const names = Array.from({ length: 60 }, (_, index) => `Service${index}`);
  await inModel(page, (element, config) => element.load(config), {
    users: { all: { arrivals: { poisson: { rate: 5 } }, targets: Object.fromEntries(names.map((name) => [name, 1])) } },
    services: Object.fromEntries(names.map((name) => [name, { instances: 4, service_time: { exponential: { mean: 0.01 } } }])),
  });
  await page.locator(".nav-item", { hasText: /^Service30$/ }).click();
  const paths = await page.locator(".form-side [data-path]").evaluateAll((fields) => fields.map((field) => /** @type {HTMLElement} */ (field).dataset.path ?? ""));
  assert.ok(paths.length > 5 && paths.every((path) => path.startsWith("services.Service30")), paths.join(", "));
  const built = await page.evaluate(async () => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("web-service-model")?.shadowRoot);
    const input = /** @type {HTMLInputElement} */ (root.querySelector("[data-path='services.Service30.workers'] input"));
    let built = 0;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) built += [...addedNodes].filter((node) => node instanceof Element && node.querySelector("input, select")).length;
    });
    observer.observe(/** @type {Element} */ (root.querySelector(".form-side")), { childList: true, subtree: true });
    for (const value of ["2", "23", "235"]) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
      await new Promise(requestAnimationFrame);
    }
    observer.disconnect();
    return built;
  });
  assert.equal(built, 0);
});
