import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../www/i18n/en.js";
import { ru } from "../../www/i18n/ru.js";
import { languageOf, loadLanguage, Texts } from "../../www/i18n/texts.js";
import { pageTest } from "./harness.mjs";
import { json, writeJson } from "./json-text.mjs";
import { finish, inModel, openTab, standstill, tabNames } from "./laboratory.mjs";

/** @typedef {import("../../www/i18n/texts.js").Key} Key */
/** @typedef {import("../../www/i18n/texts.js").Message} Message */

/** @param {Message} message */
const forms = (message) => (typeof message === "string" ? { other: message } : message);

/** @param {string} text */
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("English and Russian have the same texts, with the same places in them", () => {
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
  for (const key of /** @type {Key[]} */ (Object.keys(en))) {
    const wanted = [...new Set(places(forms(en[key]).other))];
    for (const form of Object.values(forms(ru[key]))) {
      assert.deepEqual([...new Set(places(form))].filter((place) => place !== "count"), wanted.filter((place) => place !== "count"), key);
    }
  }
});

test("every plural has the forms of its language", () => {
  for (const [language, messages] of /** @type {const} */ ([["en", en], ["ru", ru]])) {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [key, message] of Object.entries(messages)) {
      if (typeof message !== "string") assert.deepEqual(Object.keys(message).sort(), wanted, `${language} ${key}`);
    }
  }
});

await loadLanguage("ru");

test("numbers and plurals are written as the language writes them", () => {
  const texts = new Texts();
  assert.equal(texts.text("progress.events", { count: 1234 }), "1,234 events");
  assert.equal(texts.span(0.2468), "247\u00a0ms");
  assert.equal(texts.span(1.5), "1.50\u00a0s");
  assert.equal(texts.span(null), "–");
  texts.language = "ru";
  const counted = [1, 2, 5, 21].map((count) => texts.text("progress.events", { count }));
  assert.deepEqual(counted, ["1 событие", "2 события", "5 событий", "21 событие"]);
  const slow = [1, 2, 5, 21, 1.5].map((count) => texts.text("state.slow", { count, factor: texts.number(count) }));
  assert.deepEqual(slow.map((text) => text.replace("Медленнее в ", "")), ["1 раз", "2 раза", "5 раз", "21 раз", "1,5 раза"]);
  assert.equal(texts.text("progress.events", { count: 0 }), "0 событий");
  assert.equal(texts.text("detail.resync_started", { count: 3 }), "навёрстывает 3 записи");
  assert.equal(texts.span(0.0468), "46,8\u00a0мс");
  assert.equal(texts.percent(0.9), "90,0\u00a0%");
  assert.equal(languageOf("ru-RU"), "ru");
  assert.equal(languageOf("de"), "en");
});

pageTest("the language changes while the run stays, and is remembered", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(10));
  await page.getByLabel("Language").selectOption("ru");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ru");
  await page.getByRole("button", { name: "Пуск", exact: true }).waitFor();
  await page.getByText("10,0 с из 50,0 с").waitFor();
  await page.reload();
  await page.getByRole("tab", { name: "Компоненты" }).waitFor();
});

pageTest("nothing stays English in Russian", { locale: "ru-RU" }, async (page) => {
  await finish(page);
  for (const name of await tabNames(page)) {
    await openTab(page, name);
    await page.waitForTimeout(300);
  }
  await openTab(page, "Запросы");
  await page.locator(".request-list tbody tr").first().click();
  await page.waitForTimeout(300);
  assert.deepEqual(await englishWords(page), []);
});

pageTest("mistakes, changes and what did not load are told in Russian", { locale: "ru-RU", allow: /404/ }, async (page) => {
  await standstill(page);
  await openTab(page, "Конфигурация");
  const config = await json(page);
  await writeJson(page, JSON.stringify({ ...config, seeed: 1, warm_up: 1e6, services: { ...config.services, PaymentService: { instances: 0, balancer: "smooth" } } }));
  await page.getByRole("button", { name: "Применить" }).click();
  await page.locator(".form-mistakes").getByText(/в неизвестном поле.*seed\?/).waitFor();
  assert.deepEqual(await englishWords(page), []);

  await writeJson(page, "{");
  await page.getByText("Это не JSON").waitFor();
  assert.deepEqual(await englishWords(page), []);

  await writeJson(page, JSON.stringify({ ...config, services: { ...config.services, PaymentService: { ...config.services.PaymentService, fail_prob: 0.125, workers: 4 } } }));
  await page.getByRole("button", { name: "Применить" }).click();
  await page.locator(".editor-result").getByText("→ 4").waitFor();
  assert.match(await page.locator(".editor-result").innerText(), /workers: по умолчанию → 4/);

  await inModel(page, (element) => element.select("PaymentService-0"));
  const workers = page.locator('.component-panel input[data-path="services.PaymentService.workers"]');
  await workers.fill("-3");
  await workers.press("Enter");
  await page.locator(".panel-message.bad").getByText("слишком мало (не меньше 1)").waitFor();

  await inModel(page, (element) => element.setAttribute("scenario", "nowhere"));
  await page.getByRole("alert").getByText("сервер ответил 404").waitFor();
});

/** English words on the page that ought to be Russian. @param {import("playwright-core").Page} page */
async function englishWords(page) {
  const words = await page.evaluate(() => {
    for (const element of document.querySelectorAll("noscript, script")) element.remove();
    const roots = [document.body, document.querySelector("web-service-model")?.shadowRoot];
    return roots.flatMap((root) => {
      // Node by node: the words of neighbours, in the picture for one, are not one word.
      const walker = document.createTreeWalker(root ?? document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode;
        // What is written as in the configuration is neither language.
        if (!parentElement?.closest("code, #config")) found.push(...(textContent?.match(/[A-Za-z]{3,}/g) ?? []));
      }
      return found;
    });
  });
  // Names of products and of the scenario's components, and what has no Russian word.
  const known = /^(WebServiceModel|Rust|WebAssembly|JSON|CSV|PNG|Schema|English|RPS|LRU|MSER|TCP|TLS|nginx|HAProxy|PostgreSQL|RabbitMQ|Redis|Patroni|Sentinel|failover|coursework|clients|messages|\w*(Service|DB|Cache|Cluster)|latency)$/;
  return [...new Set(words)].filter((word) => !known.test(word));
}

pageTest("no table of the report is cut off on a laptop", { locale: "ru-RU", viewport: { width: 1280, height: 800 } }, async (page) => {
  await finish(page);
  await openTab(page, "Отчёт");
  await page.locator('[data-sheet="databases"]').scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const cut = await page.locator(".report .table").evaluateAll((tables) => {
    // The longest that a node can be called.
    for (const cell of tables.flatMap((table) => [...table.querySelectorAll('[data-sheet="databases"] .inner ~ td.words')])) {
      cell.textContent = "Не работает, отсоединён";
    }
    return tables.filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => `${table.getAttribute("aria-labelledby")}: ${table.scrollWidth} of ${table.clientWidth} px`);
  });
  assert.deepEqual(cut, []);
});

pageTest("the theme follows the system until one is chosen", { colorScheme: "dark" }, async (page) => {
  await standstill(page);
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await page.getByLabel("Theme").selectOption("light");
  const light = await background();
  assert.notEqual(light, dark);
  const card = await page.locator(".card").first().evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(card, "rgb(255, 255, 255)");
  await page.reload();
  assert.equal(await background(), light);
});
