// A service that only consumes messages works, and is seen to.

import assert from "node:assert/strict";
import { assertAccessible, pageTest } from "./harness.mjs";
import { inModel, openTab, standstill } from "./laboratory.mjs";

for (const [lang, words, colorScheme] of /** @type {const} */ ([
  ["en", [/Mailer consumes [34]\d\.\d messages a second; its consumers are at work [4-9]\d\.\d% of the time/, /consumers \d+(\.\d)?% busy/, "Consumed from mails", "Report"], "light"],
  ["ru", [/Mailer обрабатывает сообщения: [34]\d,\d в секунду/, /потребители заняты на \d+(,\d)?\s?%/, "Взято из mails", "Отчёт"], "dark"],
])) {
  pageTest(`a service that only consumes is seen at work: ${lang}`, { path: `?scenario=broker-backlog&autoplay=0&lang=${lang}`, colorScheme, bypassCSP: true }, async (page) => {
    await standstill(page);
    await inModel(page, (element) => {
      for (let second = 0; second < 20; second += 1) element.stepSeconds(1);
    });
    const cell = page.locator('.cell[data-component="Mailer-0"]');
    assert.match((await cell.locator(".cell-value").textContent()) ?? "", /^\d+\s?%$/);
    assert.match((await cell.getByRole("button").getAttribute("aria-label")) ?? "", words[1]);
    // The bar glides.
    await page.waitForTimeout(400);
    const [fill, whole] = await cell.evaluate((cell) => [".cell-fill", ".cell-box"].map((part) => cell.querySelector(part)?.getBoundingClientRect().width ?? 0));
    assert.ok(fill > 0.3 * whole && fill < whole, `${fill} of ${whole}`);
    await cell.click();
    assert.match((await page.locator(".panel-consumers").textContent()) ?? "", words[0]);
    await page.locator(".side-charts h3").getByText(words[2]).waitFor();
    await assertAccessible(page);
    await page.locator('.cell[data-component="Shop-0"]').click();
    assert.ok(await page.locator(".panel-consumers").isHidden());
    await openTab(page, words[3]);
    const row = page.locator('.report tr').filter({ hasText: "Mailer" }).first();
    assert.match((await row.textContent()) ?? "", /\d{3}/);
    // At a standstill of the mailer its cells are empty.
    await inModel(page, (element) => {
      for (let second = 0; second < 25; second += 1) element.stepSeconds(1);
    });
    await page.locator('.cell[data-component="Mailer-0"][data-look="down"]').waitFor();
    await page.waitForFunction(() => {
      const fill = document.querySelector("web-service-model")?.shadowRoot?.querySelector('[data-component="Mailer-0"] .cell-fill');
      return fill?.getBoundingClientRect().width === 0;
    });
  });
}
