import { launchBrowser, serveSite, settled } from "./site.mjs";
const [spec] = process.argv.slice(2);
const shots = JSON.parse(spec);
const site = await serveSite();
const browser = await launchBrowser();
for (const { out, width = 1440, height = 900, dark, lang = "en", path = "", run = 4000, js, newcomer, click = [], wait = 600 } of shots) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", locale: lang });
  if (!newcomer) await context.addInitScript(settled);
  const page = await context.newPage();
  page.on("pageerror", (e) => console.log("pageerror", e.message));
  page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
  await page.goto(site.url + `?lang=${lang}&${path}`);
  await page.waitForTimeout(run);
  for (const selector of click) await page.locator(selector).first().click();
  if (js) console.log(JSON.stringify(await page.evaluate(js)));
  await page.waitForTimeout(wait);
  await page.screenshot({ path: out });
  await context.close();
}
await browser.close(); await site.close();
