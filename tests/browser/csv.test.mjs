import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../../www/run/csv.js";
import { logCsv, reportCsv } from "../../www/run/exports.js";

test("cells are separated by commas, rows end as RFC 4180 wants", () => {
  assert.equal(toCsv([["time", "value"], [0, 1.5], [1, -2]]), "time,value\r\n0,1.5\r\n1,-2\r\n");
});

test("commas, quotes and line breaks are quoted", () => {
  assert.equal(toCsv([["a,b", 'say "hi"', "two\nlines", "plain"]]), '"a,b","say ""hi""","two\nlines",plain\r\n');
});

test("what is missing or is no number stays empty", () => {
  assert.equal(toCsv([[null, undefined, NaN, Infinity, "", 0]]), ",,,,,0\r\n");
});

test("no name becomes a spreadsheet's formula", () => {
  for (const name of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]) assert.equal(toCsv([[name]]), `'${name}\r\n`);
  assert.equal(toCsv([['=HYPERLINK("http://x")']]), '"\'=HYPERLINK(""http://x"")"\r\n');
  assert.equal(toCsv([["\rx"]]), '"\'\rx"\r\n');
  // Inside a text they are harmless, and numbers keep their sign.
  assert.equal(toCsv([["a=b", -3]]), "a=b,-3\r\n");
});

test("the report has a row for each figure, with its place", () => {
  const report = /** @type {any} */ ({
    scenario: "=evil",
    requests: { total: 3, latency: { mean: 0.5, p99: null } },
    services: { Shop: { total: 2, instances: { "Shop-0": { total: 1 } } } },
    caches: { Redis: { hits: 4 } },
  });
  assert.deepEqual(reportCsv(report).split("\r\n"), [
    "part,name,component,figure,value",
    "scenario,,,,'=evil",
    "requests,,,total,3",
    "requests,,,latency.mean,0.5",
    "requests,,,latency.p99,",
    "services,Shop,,total,2",
    "services,Shop,Shop-0,total,1",
    "caches,Redis,,hits,4",
    "",
  ]);
});

test("the log has a row for each entry", () => {
  const entry = { number: 3, time: 1.25, kind: /** @type {const} */ ("config_change"), component: "", detail: 'a: "x" → 2' };
  assert.equal(logCsv([entry]), 'number,time,kind,component,detail\r\n3,1.25,config_change,,"a: ""x"" → 2"\r\n');
});
