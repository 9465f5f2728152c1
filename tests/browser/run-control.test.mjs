import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { component, finish, inModel, now, openTab, standstill, status } from "./laboratory.mjs";

pageTest("pause holds the run, and run goes on with it", {}, async (page) => {
  await page.getByRole("button", { name: "Pause" }).click();
  assert.equal(await status(page), "Paused");
  const time = await now(page);
  await page.waitForTimeout(300);
  assert.equal(await now(page), time);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  assert.equal(await status(page), "Running");
  await page.waitForTimeout(300);
  assert.ok((await now(page)) > time);
});

pageTest("steps move on by one event and by one second", {}, async (page) => {
  await standstill(page);
  const events = () => inModel(page, (element) => element.simulation?.events ?? NaN);
  await page.getByRole("button", { name: "Step: 1 event" }).click();
  const first = await events();
  await page.getByRole("button", { name: "Step: 1 event" }).click();
  assert.equal(await events(), first + 1);
  const time = await now(page);
  await page.getByRole("button", { name: "Step: 1 s" }).click();
  assert.ok(Math.abs((await now(page)) - time - 1) < 1e-6);
  assert.equal(await status(page), "Paused");
});

pageTest("reset goes back to the start, and the same seed gives the same run", {}, async (page) => {
  await finish(page);
  const report = () => inModel(page, (element) => element.simulation?.reportJson());
  const first = await report();
  await page.getByRole("button", { name: "Reset" }).click();
  assert.equal(await status(page), "Ready");
  assert.equal(await now(page), 0);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Finished", { exact: true }).waitFor();
  assert.equal(await report(), first);
});

pageTest("the slider sets the speed, up to as fast as possible", {}, async (page) => {
  await standstill(page);
  const slider = page.getByLabel("Speed");
  await slider.press("Home");
  assert.equal(await inModel(page, (element) => element.speed), 0.01);
  await page.getByText("0.01×").waitFor();
  await slider.press("End");
  assert.equal(await inModel(page, (element) => element.speed), Infinity);
  assert.equal(await slider.getAttribute("aria-valuetext"), "as fast as possible");
});

pageTest("a speed between two stops of the slider is shown as it is", { path: "?speed=3" }, async (page) => {
  await standstill(page);
  const text = page.locator(".speed-text");
  assert.equal(await text.textContent(), "3×");
  assert.equal(await inModel(page, (element) => element.speed), 3);
  await inModel(page, (element) => (element.speed = 1.5));
  await page.getByLabel("Language").selectOption("ru");
  // The words come first.
  await page.getByRole("tab", { name: "Графики" }).waitFor();
  assert.equal(await text.textContent(), "1,5×");
});

pageTest("simulated time keeps the pace that the slider says", {}, async (page) => {
  await standstill(page);
  const pace = await inModel(page, async (element) => {
    element.speed = 5;
    element.play();
    const now = () => element.simulation?.now ?? NaN;
    const [time, wall] = [now(), performance.now()];
    await new Promise((done) => setTimeout(done, 1500));
    return (now() - time) / ((performance.now() - wall) / 1000);
  });
  // A busy machine drops frames, and those are not made up for.
  assert.ok(pace > 2 && pace < 5.5, `${pace} simulated seconds per second`);
});

pageTest("a seed starts the run anew", {}, async (page) => {
  await standstill(page);
  const seed = page.locator("#seed");
  await seed.fill("42");
  await seed.press("Enter");
  assert.equal(await inModel(page, (element) => element.seed), 42);
  await page.getByRole("button", { name: "New seed" }).click();
  const fresh = await inModel(page, (element) => element.seed);
  assert.notEqual(fresh, 42);
  assert.equal(await seed.inputValue(), String(fresh));
});

pageTest("the box of the seed shows the seed in force, whatever is typed", {}, async (page) => {
  await standstill(page);
  const box = page.locator("#seed");
  const largest = Number.MAX_SAFE_INTEGER;
  for (const [typed, wanted] of [["42", 42], ["", 42], ["41.7", 42], ["-5", 0], ["-6", 0], ["99999999999999999999", largest], ["", largest]]) {
    await box.fill(String(typed));
    await box.press("Enter");
    assert.equal(await inModel(page, (element) => element.seed), wanted, `${typed}`);
    assert.equal(await box.inputValue(), String(wanted), `${typed}`);
  }
});

pageTest("the address chooses scenario, seed and language", { path: "?scenario=overload&seed=5&lang=ru" }, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  assert.equal(await inModel(page, (element) => element.seed), 5);
  assert.equal(await page.locator("#scenario").inputValue(), "overload");
  await page.getByText("Скорость").waitFor();
});

pageTest("every scenario of the menu runs", {}, async (page) => {
  await standstill(page);
  const menu = page.locator("#scenario");
  const ids = await menu.locator("option").evaluateAll((options) => options.map((option) => option.getAttribute("value")));
  assert.ok(ids.length >= 8, `${ids}`);
  for (const id of ids) {
    await menu.selectOption(id);
    await page.waitForFunction((wanted) => document.querySelector("web-service-model")?.config?.name === wanted, id);
    await finish(page);
    const report = await inModel(page, (element) => element.simulation?.report());
    assert.ok(report && report.requests.total > 0, String(id));
    const description = await page.locator(".description").textContent();
    assert.ok(description && description.length > 40, `${id} has no description`);
  }
});

pageTest("a scenario can be chosen again after a configuration of one's own", { path: "?scenario=overload" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.load({ ...element.config, title: { en: "Mine" }, description: { en: "Mine" } }));
  const menu = page.locator("#scenario");
  assert.equal(await menu.inputValue(), "");
  assert.equal(await page.locator(".description").textContent(), "Mine");
  await menu.selectOption("overload");
  await page.getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
  assert.equal(await menu.inputValue(), "overload");
});

pageTest("a component crashes and recovers by its button, and the log says so", {}, async (page) => {
  await standstill(page);
  await page.getByRole("button", { name: "Step: 1 s" }).click();
  await openTab(page, "Components");
  const row = component(page, "PaymentService-0");
  await row.getByRole("button", { name: "Crash PaymentService-0" }).click();
  await row.getByText("Down (by hand)").waitFor();
  await page.getByText("1 of 34 down").waitFor();
  await row.getByRole("button", { name: "Recover PaymentService-0" }).click();
  await row.getByText("Up", { exact: true }).waitFor();
  await openTab(page, "Events");
  const entries = page.locator(".log-list li");
  await entries.filter({ hasText: "PaymentService-0" }).filter({ hasText: "Recovery" }).waitFor();
  await page.getByLabel("Component", { exact: true }).selectOption("RabbitMQ");
  await page.getByText("Nothing of this kind has happened here.").waitFor();
});

pageTest("a run that nobody sees waits, and says so", {}, async (page) => {
  await page.getByText("Running", { exact: true }).waitFor();
  await inModel(page, (element) => (element.style.display = "none"));
  await page.waitForFunction(() => document.querySelector("web-service-model")?.state === "hidden");
  const time = await now(page);
  await page.waitForTimeout(300);
  assert.equal(await now(page), time);
  await inModel(page, (element) => (element.style.display = ""));
  await page.getByText("Running", { exact: true }).waitFor();
});

pageTest("two elements run on one page, each on its own", {}, async (page) => {
  await standstill(page);
  await page.evaluate(() => {
    const second = document.createElement("web-service-model");
    second.setAttribute("scenario", "balancing");
    document.querySelector("main")?.append(second);
  });
  await page.waitForFunction(() => [...document.querySelectorAll("web-service-model")].every((element) => element.simulation));
  const times = await page.evaluate(() => {
    const [first, second] = document.querySelectorAll("web-service-model");
    second.stepSeconds(2);
    return [first.simulation?.now, second.simulation?.now];
  });
  assert.deepEqual(times, [0, 2]);
});

pageTest("the keyboard alone is enough", {}, async (page) => {
  await standstill(page);
  const order = [];
  for (let i = 0; i < 16; i++) {
    await page.keyboard.press("Tab");
    order.push((await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.id || element?.getAttribute("aria-label") || element?.textContent || "";
    })).trim());
  }
  assert.deepEqual(order, [
    "Skip to the views", "scenario", "All scenarios", "About this scenario", "Run", "Step: 1 event", "Step: 1 s", "Reset", "speed",
    "seed", "New seed", "duration", "Copy link", "Open file", "Save file", "language",
  ]);
  for (let i = 0; i < 11; i++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  assert.equal(await status(page), "Running");
  await page.getByRole("button", { name: "Skip to the views" }).press("Enter");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getByRole("tab", { name: "Components" }).getAttribute("aria-selected"), "true");
});

pageTest("the timeline of a long run has marks from the beginning on", { path: "?scenario=coursework-faults" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => {
    element.load({ ...element.config, duration: 5000 });
    element.speed = Infinity;
  });
  await finish(page);
  const { log, marks } = await inModel(page, (element) => {
    const lines = [...(element.shadowRoot?.querySelectorAll(".timeline-marks span") ?? [])];
    const simulation = element.simulation;
    return { log: simulation?.log({ kinds: ["crash"], limit: 400 }).entries[0].time, marks: lines.map((it) => parseFloat(/** @type {HTMLElement} */ (it).style.left)) };
  });
  assert.ok(log !== undefined && log > 1000, "the latest crashes of the log alone do not reach back");
  for (let part = 0; part < 20; part += 1) {
    assert.ok(marks.some((left) => left >= 5 * part && left <= 5 * (part + 1)), `no mark between ${5 * part} % and ${5 * (part + 1)} %`);
  }
  const timeline = page.locator(".timeline");
  await timeline.focus();
  await page.keyboard.press("Home");
  const tip = (await timeline.locator(".timeline-tip").textContent()) ?? "";
  assert.match(tip, /^\d\d\.\d\ss.* · Crash \(× \d+\)/, "of what the log has forgotten the tip tells the first, and how many there were");
});

pageTest("the timeline is read by keyboard, from event to event", {}, async (page) => {
  await finish(page);
  const timeline = page.locator(".timeline");
  await timeline.focus();
  await page.keyboard.press("ArrowRight");
  const tip = timeline.locator(".timeline-tip");
  await tip.waitFor();
  const first = await tip.textContent();
  await page.keyboard.press("End");
  assert.notEqual(await tip.textContent(), first);
  await page.keyboard.press("Enter");
  await page.locator(".log-list .marked").waitFor();
});
