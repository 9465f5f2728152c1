// Files of other programs, dropped on the page or opened by its button.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** A file of the native tests. @param {string} name */
const fixture = (name) => readFile(new URL(`../native/import/${name}`, import.meta.url), "utf8");

/** Drops a file on the element. @param {Page} page @param {string} name @param {string} text */
const drop = (page, name, text) => inModel(page, (element, { name, text }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true, composed: true });
  element.shadowRoot?.querySelector(".view")?.dispatchEvent(event);
}, { name, text });

/** @param {Page} page */
const notice = (page) => page.getByRole("region", { name: "What was read" });

pageTest("an nginx.conf that is dropped runs, and its notes stay until they are closed", { bypassCSP: true }, async (page) => {
  await standstill(page);
  assert.equal(await notice(page).isVisible(), false);
  await drop(page, "nginx.conf", await fixture("shop.conf"));
  await page.getByText("Opened: nginx.conf").waitFor();
  await notice(page).getByText("nginx.conf was read as a configuration of nginx. 12 notes").waitFor();
  await notice(page).getByText("Line 19: app3.internal:8080 is marked as down and left out").waitFor();
  await notice(page).getByText("assumed: 10 requests a second").waitFor();
  await assertAccessible(page);
  const config = await inModel(page, (element) => element.config);
  assert.deepEqual(Object.keys(config?.services ?? {}), ["app", "api"]);
  await inModel(page, (element) => element.stepSeconds(10));
  const succeeded = await inModel(page, (element) => element.simulation?.report().requests.succeeded);
  assert.ok(Number(succeeded) > 100, `${succeeded}`);
  // It stays while one tries things, and goes on in Russian.
  await inModel(page, (element) => element.patch({ services: { app: { fail_prob: 0.1 } } }));
  await page.evaluate(() => document.querySelector("web-service-model")?.setAttribute("lang", "ru"));
  const russian = page.getByRole("region", { name: "Что прочитано" });
  await russian.getByText("nginx.conf прочитан как конфигурация nginx. 12 замечаний").waitFor();
  await russian.getByText("Строка 19: app3.internal:8080 помечен как down и пропущен").waitFor();
  assert.equal(await russian.locator("[lang=en]").count(), 0);
  const close = russian.getByRole("button", { name: "Закрыть" });
  await close.focus();
  await page.keyboard.press("Enter");
  await russian.waitFor({ state: "hidden" });
  assert.notEqual(await inModel(page, (element) => element.shadowRoot?.activeElement?.tagName), undefined);
});

pageTest("a patroni.yml is opened by the button on a phone, and its notes can be scrolled by keys", { viewport: { width: 360, height: 640 }, bypassCSP: true }, async (page) => {
  await standstill(page);
  await page.getByRole("button", { name: "More tools" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file" }).click();
  const buffer = Buffer.from(await fixture("patroni/first.yml"));
  await (await chooser).setFiles({ name: "patroni.yml", mimeType: "application/yaml", buffer });
  await notice(page).getByText("patroni.yml was read as a configuration of Patroni.").waitFor();
  const config = await inModel(page, (element) => element.config);
  assert.equal(config?.db_clusters?.orders?.failover?.patroni?.ttl, 20);
  await assertNoSidewaysScroll(page);
  const list = page.getByRole("list", { name: "Notes" });
  await list.focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => {
    const list = document.querySelector("web-service-model")?.shadowRoot?.querySelector(".import-notes");
    return list && list.scrollTop > 0 && list.scrollTop + list.clientHeight >= list.scrollHeight - 2;
  });
  await assertAccessible(page);
  // Whatever runs next is none of it.
  await page.locator("#scenario").selectOption("overload");
  await notice(page).waitFor({ state: "hidden" });
});

pageTest("definitions of a broker are JSON, and are imported all the same", {}, async (page) => {
  await standstill(page);
  await drop(page, "definitions.json", await fixture("tutorial.json"));
  await notice(page).getByText("definitions.json was read as a configuration of RabbitMQ.").waitFor();
  assert.ok(await inModel(page, (element) => element.config?.brokers?.RabbitMQ));
  await drop(page, "mine.json", JSON.stringify({ duration: 5, users: { all: { arrivals: { poisson: { rate: 1 } }, targets: { A: 1 } } }, services: { A: { base_latency: 0.01 } } }));
  await page.getByText("Opened: mine.json").waitFor();
  await notice(page).waitFor({ state: "hidden" });
});
