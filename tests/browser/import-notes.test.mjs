// What the simulator says of imported files, in Russian: every sentence of the sources, and of every file of the native tests.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { importConfig, initSync, Simulation } from "#web-service-model";
import { noteTold } from "../../www/i18n/notes.js";
import russian from "../../www/i18n/parts/imports.ru.js";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";

await loadLanguage("ru");
initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

const texts = new Texts("ru");

/** Names of products and of what they know, which are not translated. */
const NAMES = ["nginx", "upstream", "location", "frontend", "backend", "peak", "stream"];
/** Words of English that are neither code, nor listed with their lines, nor such a name. @param {string} text */
const englishWords = (text) => (text.replaceAll(/`[^`]*`|(?<=: |, )[\w .-]+(?= \(строк)/g, "").match(/(?<![\w.])[a-z]{2,}(?![\w.(])/g) ?? []).filter((word) => !NAMES.includes(word));

/** Fails if a note stays English, in whole or in part. @param {string} english */
function assertTold(english) {
  const { text, lang } = noteTold(english, texts);
  assert.equal(lang, undefined, `there is no Russian for "${english}"`);
  assert.match(text, /[а-яё]/, english);
  assert.doesNotMatch(text, /\{\w+\}/, `a place of "${english}" stays empty`);
  assert.deepEqual(englishWords(text), [], `"${english}" is half English: "${text}"`);
}

const SOURCES = new URL("../../src/import/", import.meta.url);
/** Texts of the sources that are no sentences of notes: beginnings of words, names of groups, a title, the end of a list. */
const NO_NOTES = /^http-request |^no option$|^\{\w*\} users$|^Imported from|^Импорт|^and \{\} more$/;
/** Sentences that go on from a word. */
const FOLLOWS = /^(is how long|\{reason\})/;

/** The sentences in the sources, but for comments and tests. */
async function sentences() {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => file.endsWith(".rs"));
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, SOURCES), "utf8")));
  const found = sources.flatMap((source) => {
    const code = source.split("#[cfg(test)]")[0].replaceAll(/^\s*(\/\/|#\[).*$/gm, "").replaceAll(/'\\?"'/g, "");
    return [...code.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, text]) => text.replaceAll(/\\\n\s*/g, "").replaceAll('\\"', '"'));
  });
  return [...new Set(found)].filter((text) => / [a-z]/.test(text) && !NO_NOTES.test(text));
}

test("every sentence of the importers can be said in Russian", async () => {
  const found = await sentences();
  assert.ok(found.length > 120, `${found.length} sentences were found`);
  for (const text of found) {
    const whole = FOLLOWS.test(text) ? `\`x\` ${text}` : text;
    const example = whole.replace("{alike_names}", "checks, `maxconn`, `slowstart` and the like").replace(": {reason}", ": is not known")
      .replace("plays no part here: {}", "plays no part here: x (lines 1, 2, and 3 more)").replaceAll(/\{(\w*)\}/g, "7");
    assertTold(example);
  }
});

const FILES = new URL("../native/import/", import.meta.url);

test("whatever is said of the files of the native tests can be said in Russian, and what comes of them runs", async () => {
  const files = (await readdir(FILES, { recursive: true })).filter((file) => /\.(conf|cfg|yml|json)$/.test(file));
  assert.ok(files.length >= 24, `${files}`);
  for (const file of files) {
    const { config, notes, product } = importConfig(await readFile(new URL(file, FILES), "utf8"), file);
    assert.ok(config, file);
    const folder = file.split("/").slice(0, -1).join("");
    if (folder) assert.equal(product.toLowerCase(), folder);
    for (const { line, text } of notes) {
      assert.ok(line === null || line > 0);
      assertTold(text);
    }
    const simulation = new Simulation(config);
    simulation.advanceTo(10);
    assert.ok(simulation.report().requests.succeeded > 30, file);
    simulation.free();
  }
});

test("mistakes of nginx's syntax are said in Russian", () => {
  for (const text of ["server { listen 80;", "a b\n}", "; ;", "upstream { } }", "x {\n y\n}"]) {
    for (const note of importConfig(text, "nginx.conf").notes) assertTold(note.text);
  }
});

test("no sentence of the list is hidden behind an earlier one", () => {
  for (const [english, translation] of russian) {
    const filled = (/** @type {string} */ text, /** @type {string} */ reason) =>
      text.replaceAll(/\{(\w+)\}/g, (_, place) => ({ reason, words: "x (line 1)" })[String(place)] ?? "7");
    const expected = filled(translation, "шарды не моделируются").replace("line", "строка");
    assert.equal(noteTold(filled(english, "shards are not simulated"), texts).text, expected, english);
  }
});

test("where words stand is said in Russian, too, and English stays as it is", () => {
  const english = "plays no part here: listen (lines 17, 23, 24, 25, 26, and 2 more), root (line 5)";
  assert.equal(noteTold(english, texts).text, "здесь ничего не меняет: listen (строки 17, 23, 24, 25, 26 и ещё 2), root (строка 5)");
  assert.deepEqual(noteTold(english, new Texts("en")), { text: english });
});

test("what is no file of a product has notes and no configuration", () => {
  const { config, notes, product } = importConfig("hello", "redis.conf");
  assert.deepEqual([config, product, notes], [null, "Redis", [{ line: 1, text: "`hello`: is not known" }]]);
  assert.throws(() => importConfig(/** @type {any} */ (7), "a"), { code: "bad_argument" });
});
