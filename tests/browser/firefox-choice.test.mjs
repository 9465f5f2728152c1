// Names in lists go stale when a test is renamed: here they are looked up.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { CHOSEN } from "./firefox-choice.mjs";
import { LEFT_OUT } from "./firefox.mjs";

const source = (/** @type {string} */ name) => readFile(new URL(name, import.meta.url), "utf8");

test("what is chosen for Firefox are tests of the page, each in its file", async () => {
  for (const [file, names] of Object.entries(CHOSEN)) {
    const text = await source(`${file}.test.mjs`);
    for (const name of names) assert.ok(text.includes(`pageTest("${name}"`), `${file}: ${name}`);
  }
});

test("what is left out in Firefox are tests of the page", async () => {
  const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".test.mjs"));
  const texts = await Promise.all(files.map(source));
  const names = texts.flatMap((text) => [...text.matchAll(/pageTest\(["`](.*?)["`],/g)].map(([, name]) => name));
  for (const [pattern] of LEFT_OUT) assert.ok(names.some((name) => pattern.test(name)), `${pattern}`);
});
