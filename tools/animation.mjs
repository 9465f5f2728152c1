// The frames of the README's animated picture: two shops lose their primaries, and get others. Usage:
//     node tools/animation.mjs FOLDER      (dist/ must be there: `make animation` builds it, and puts the frames together)
// Writes FOLDER/0000.png ... and FOLDER/frames.txt, the list of arguments from which img2webp makes the picture.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchBrowser, serveSite, settled } from "../tests/browser/site.mjs";

/** What is shown: from which moment to which, at which speed. The primaries die at 60 s and are back at 120 s. */
const SCENES = [
  { from: 59.2, to: 61.2, speed: 0.25 },
  { from: 119, to: 122, speed: 0.6 },
];
/** A frame is not shown for longer than this: taking the picture may have had to wait. */
const LONGEST_MS = 250;
/** The last frame of a scene is looked at for a while. */
const REST_MS = 900;

/** @typedef {import("../www/elements/web-service-model.js").WebServiceModel} WebServiceModel */

const [folder = "target/animation"] = process.argv.slice(2);
await mkdir(folder, { recursive: true });

/** @type {{ file: string, at: number }[]} */
let frames = [];
const lines = ["-loop 0 -kmin 30 -kmax 90"];

/** Notes the frames of a scene, each for as long as it took until the next. */
function note() {
  frames.forEach(({ file, at }, index) => {
    const next = frames[index + 1]?.at;
    const shown = next === undefined ? REST_MS : Math.min(Math.round(next - at), LONGEST_MS);
    lines.push(`-d ${shown} -lossy -q 70 -m 4 ${file}`);
  });
  frames = [];
}

const site = await serveSite();
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 860, height: 1150 }, colorScheme: "light" });
  await page.addInitScript(settled);
  await page.goto(`${site.url}?scenario=primary-failover&lang=en`);
  const element = page.locator("web-service-model");
  await page.waitForFunction(() => /** @type {WebServiceModel} */ (document.querySelector("web-service-model")).simulation);
  await element.evaluate((lab) => lab.setAttribute("view", "topology"));
  let count = 0;
  for (const { from, to, speed } of SCENES) {
    await element.evaluate((/** @type {WebServiceModel} */ lab, { from, speed }) => {
      lab.pause();
      lab.speed = speed;
      lab.stepSeconds(from - (lab.simulation?.now ?? 0));
      lab.play();
    }, { from, speed });
    const clip = await element.boundingBox();
    if (!clip) throw new Error("the laboratory is not to be seen");
    for (;;) {
      const now = await element.evaluate((/** @type {WebServiceModel} */ lab) => lab.simulation?.now ?? 0);
      if (now >= to) break;
      const file = join(folder, `${String(count++).padStart(4, "0")}.png`);
      frames.push({ file, at: performance.now() });
      await page.screenshot({ path: file, clip });
    }
    note();
  }
} finally {
  await browser.close();
  await site.close();
}
await writeFile(join(folder, "frames.txt"), `${lines.join("\n")}\n`);
console.log(`${lines.length - 1} frames`);
