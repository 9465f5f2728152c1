import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import russian from "../../www/i18n/parts/rules.ru.js";
import { told } from "../../www/i18n/rules.js";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { listed } from "./scenarios.mjs";

await loadLanguage("ru");

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

const texts = new Texts();
texts.language = "ru";

/** Words that are neither code, nor a name or a value. @param {string} text */
const englishWords = (text) => text.replaceAll(/`[^`]*`|"[^"]*"|«[^»]*»|\{".*\}/g, "").match(/(?<![\w.])[a-z]{2,}(?![\w.(])/g) ?? [];

/** Fails if a sentence stays English, in whole or in part. @param {string} english @param {string[]} [names] that are in it */
function assertTold(english, names = []) {
  const { text, lang } = told(english, texts);
  assert.equal(lang, undefined, `there is no Russian for "${english}"`);
  assert.match(text, /[а-яё]/, english);
  assert.doesNotMatch(text, /\{\w+\}/, `a place of "${english}" stays empty`);
  const left = englishWords(text).filter((word) => word !== "true" && word !== "false" && !names.includes(word));
  assert.deepEqual(left, [], `"${english}" is half English: "${text}"`);
}

const SOURCES = new URL("../../src/", import.meta.url);

/** The texts of the sources in a folder, but for comments, attributes, tests and what the log says. @param {string} folder @returns {Promise<string[]>} */
async function literals(folder) {
  const files = (await readdir(new URL(folder, SOURCES), { recursive: true })).filter((file) => /(?<!tests|log)\.rs$/.test(file));
  const sources = await Promise.all(files.map((file) => readFile(new URL(`${folder}/${file}`, SOURCES), "utf8")));
  return sources.flatMap((source) => {
    const code = source.split("#[cfg(test)]")[0].replaceAll(/^\s*(\/\/|#\[).*$/gm, "").replaceAll(/'\\?"'/g, "");
    const found = [...code.matchAll(/"((?:[^"\\]|\\.)*)"/gs)];
    return found.map(([, text]) => text.replaceAll(/\\\n\s*/g, "").replaceAll('\\"', '"').replaceAll("\\\\", "\\"));
  });
}

/** A rule reads on from a value. */
const RULE = /^(is|are|has|have|needs|stands|would|leaves|leads?|go|names|gives|repeats|makes|cannot|systems|never|tries|may) .*\S$/s;
/** A bound, as against a kind of value. */
const BOUND = /[\d}] to |0 or \d|^at most /;
/** What may stand in the places of a rule; a number does for the others. @type {{ [place: string]: string }} */
const PLACES = { what: "a probability, 0 to 1", known: " (did you mean `x`?)", names: " (known: `x`, `y`)", error: "mean must be above 0" };

/** A rule with something in its places. @param {string} rule */
function example(rule) {
  return rule.replace("JSON: {error}", "JSON: expected value at line 1 column 2").replace("is too {how}", "is too large").replace("{total} {what}", "7 nodes")
    .replace(/(?<=[a-z`])\{\}$/, " (there are none)").replaceAll(/\{(\w*)[^}"]*\}/g, (_, place) => PLACES[place] ?? "7");
}

test("every rule in the sources can be said in Russian", async () => {
  const rules = (await Promise.all(["config", "experiment", "simulation"].map(literals))).flat().filter((text) => RULE.test(text));
  assert.ok(rules.length > 90, `${rules.length} rules were found`);
  // What is put in for the kind is looked at below.
  for (const rule of rules.filter((text) => text !== "is not {kind}")) assertTold(example(rule));
  const sizes = await readFile(new URL("config/resolve/sizes.rs", SOURCES), "utf8");
  const counted = [...sizes.matchAll(/check_total\(.*"(\w+)", \w/g)].map(([, what]) => what);
  assert.ok(counted.length > 3, `${counted} are counted`);
  for (const what of counted) assertTold(`has 7 ${what}, too many (at most 5 in all)`);
});

test("every warning in the sources is a rule, and can be said in Russian", async () => {
  // What is no rule there is a key: one word.
  const warnings = (await literals("config/resolve/warnings")).filter((text) => text.includes(" "));
  assert.ok(warnings.length > 10, `${warnings.length} warnings were found`);
  assert.deepEqual(warnings.filter((text) => !RULE.test(text)), []);
  for (const warning of warnings) assertTold(example(warning));
});

/** A text for each thing that may be wrong with the JSON itself. */
const NO_JSON = ["[1", "{", '"a', "tru", "[,]", "nulx", '{"a" 1}', "[1 2]", '{"a":1 "b":2}', "{1:2}", "[1,]", "{} {}", "01", "1e400", String.raw`"\x"`,
  String.raw`"\ud83d\u0041"`, String.raw`"\ud83d"`, String.raw`"\udc00"`, '"\t"', "[".repeat(200)];

test("every kind, every bound and every reason in the sources can be said in Russian", async () => {
  const found = (await literals("config")).filter((text) => /^an? [a-z]|^at most /.test(text));
  const [bounds, kinds] = [found.filter((text) => BOUND.test(text)), found.filter((text) => !BOUND.test(text))];
  assert.ok(bounds.length > 8 && kinds.length > 8, `${bounds.length} bounds and ${kinds.length} kinds were found`);
  for (const bound of bounds) assertTold(`is too large (${example(bound)})`);
  for (const kind of kinds) assertTold(`is not ${kind}`);
  const reasons = new Set(NO_JSON.map((text) => Simulation.check(text)[0].rule.replace(/ at line .*/, "")));
  assert.ok(reasons.size > 15, `${reasons.size} reasons were found`);
  for (const reason of reasons) assertTold(`${reason} at line 1 column 2`);
});

/** What is wrong nearly everywhere. */
const WRONG = [-1, 0, 1.5, 1e15, 1e300, "x", "", [], {}, [1, 2, 3], true, null, { constant: -1 }, { erlang: { stages: 0 } }, { pareto: { shape: 1, min: 2, max: 1 } }];

/** Each place of a configuration, changed to each of some values. @param {any} value @param {(changed: unknown) => void} look */
function eachChange(value, look) {
  for (const wrong of WRONG) look(wrong);
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) look({ ...value, wrokers: 1, unheard: 2 });
  for (const key of Object.keys(value)) {
    eachChange(value[key], (changed) => look(Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }));
  }
}

test("whatever the simulator says of a wrong configuration can be said in Russian", async () => {
  /** @type {Map<string, string>} */
  const rules = new Map();
  const collect = (/** @type {any} */ config) => {
    for (const { path, rule } of [...Simulation.check(config), ...Simulation.warnings(config)]) rules.set(rule, path);
  };
  for (const config of await listed()) eachChange(config, collect);
  for (const text of ["", "{", "[1,]", "{\"a\" 1}", "{} {}", "nul", '"\\x"', "[".repeat(200), "{\"seed\": 1, \"seed\": 2}"]) collect(text);
  assert.ok(rules.size > 150, `${rules.size} rules were provoked`);
  for (const [rule, path] of rules) {
    // Names of the scenarios' own are not marked everywhere.
    const isNaming = /→|used by|would share/.test(rule);
    assertTold(rule, isNaming ? englishWords(rule) : [path]);
  }
});

/** The browser's own words for why there is no JSON of a BigInt. */
const BIGINT = ["not", "know", "how", "to", "serialize"];

test("what a run refuses can be said in Russian", () => {
  const simulation = new Simulation({
    users: { all: { arrivals: { poisson: { rate: 9 } }, targets: { Shop: 1 } } },
    services: { Shop: { service_time: "1ms", database: { name: "DB" } } },
    db_clusters: { DB: { operation: "1ms", replicas: 2 } },
  });
  /** @param {(run: any) => void} work */
  const refused = (work) => {
    try {
      work(simulation);
    } catch (problem) {
      const { errors, message } = /** @type {import("#web-service-model").WebServiceModelError} */ (problem);
      return errors.length > 0 ? errors.map(({ rule }) => rule) : [message];
    }
    return assert.fail(`${work} is not refused`);
  };
  for (const patch of [{ seed: 2 }, { services: { More: { service_time: 1 } } }, { services: { Shop: { database: null } } }]) {
    for (const rule of refused((run) => run.patch(patch))) assertTold(rule);
  }
  for (const work of [
    (/** @type {any} */ run) => run.crash("Nobody"),
    (/** @type {any} */ run) => run.crash("Shop", -1),
    (/** @type {any} */ run) => run.promote("DB/0"),
    (/** @type {any} */ run) => run.series("nobody"),
    (/** @type {any} */ run) => run.histogram("nobody", 3),
    (/** @type {any} */ run) => run.advanceTo(),
    (/** @type {any} */ run) => run.crash(1),
    (/** @type {any} */ run) => run.recover(2),
    (/** @type {any} */ run) => run.promote(3),
    (/** @type {any} */ run) => run.series(4),
    (/** @type {any} */ run) => run.histogram(5, 6),
    (/** @type {any} */ run) => run.table(7),
    (/** @type {any} */ run) => run.draw(8, "rps"),
    () => new Simulation(/** @type {any} */ (undefined)),
    () => new Simulation(/** @type {any} */ ({ seed: 1n })),
  ]) {
    for (const message of refused(work)) assertTold(message, ["seconds", "HTMLCanvasElement", ...BIGINT]);
  }
  simulation.promote("DB/1");
  simulation.crash("DB/0");
  simulation.crash("DB/2");
  for (const rule of refused((run) => run.patch({ db_clusters: { DB: { replicas: 0 } } }))) assertTold(rule);
  simulation.free();
});

test("no sentence of the list is hidden behind an earlier one", () => {
  for (const [english, translation] of russian) {
    if (english.startsWith(" (")) continue;
    const example = english.replaceAll(/\{(\w+)\}/g, (_, place) => ({ hint: " (there are none)", status: "404", bounds: "at most 7", reason: "trailing comma" })[String(place)] ?? "7");
    const expected = translation.replaceAll(/\{(\w+)\}/g, (_, place) => ({ hint: " (их нет)", status: "404", bounds: "не больше 7", reason: "лишняя запятая" })[String(place)] ?? "7");
    assert.equal(told(example, texts).text, expected, english);
  }
});

test("names are taken as they are, and English stays English", () => {
  const say = (/** @type {string} */ rule) => told(rule, texts).text;
  assert.equal(say("is not one of `services` (did you mean `a (b) `c`?)"), "нет среди `services` (может быть, `a (b) `c`?)");
  assert.equal(say("is not one of `fifo`, `lifo`"), "не из списка `fifo`, `lifo`");
  assert.equal(say("would share the name `{list}` with services.$&"), "имя `{list}` уже занято: services.$&");
  assert.equal(say("/scenarios/x.json: 404 Not Found"), "/scenarios/x.json: сервер ответил 404");
  assert.deepEqual(told("says something new", texts), { text: "says something new", lang: "en" });
  texts.language = "en";
  assert.deepEqual(told("is missing", texts), { text: "is missing" });
  texts.language = "ru";
});
