// A run is taken back to any moment, exactly as it was then, whatever was done to it. It needs no browser.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { canBePromoted } from "../../www/run/promotion.js";
import { TimeMachine } from "../../www/run/time-machine.js";
import { ids } from "./scenarios.mjs";

/** @import { Config } from "#web-service-model" */
/** @typedef {import("../../www/run/time-machine.js").Act} Act */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

/** Scenarios in which few snapshots are kept, too. */
const AGAIN = ["coursework-faults", "primary-failover", "cache-outage", "broker-backlog", "bad-release"];

/** @type {Map<string, any>} */
const scenarios = new Map();
before(async () => {
  for (const id of await ids()) {
    scenarios.set(id, JSON.parse(await readFile(new URL(`../../www/scenarios/${id}.json`, import.meta.url), "utf8")));
  }
});

/** All that is told of a run. @param {Simulation | undefined} simulation */
function told(simulation) {
  assert(simulation);
  const series = createHash("sha1");
  simulation.seriesNames().forEach((name) => series.update(simulation.series(name)));
  return [simulation.now, simulation.events, simulation.reportJson(), JSON.stringify(simulation.log()), series.digest("hex")];
}

/** @param {unknown[]} actual @param {unknown[]} expected @param {string} where */
function same(actual, expected, where) {
  ["time", "events", "report", "log", "series"].forEach((what, place) => {
    // Not deepEqual: it would print megabytes.
    assert(actual[place] === expected[place], `${where}: the ${what} differs`);
  });
}

/** @param {Simulation} run */
function promoteSomebody(run) {
  const components = run.components();
  const chosen = components.find((node) => node.kind === "node" && node.role === "replica" && canBePromoted(node, components));
  if (chosen) run.promote(chosen.name);
}

/** What is done at which share of the run. @param {Config} config @returns {[number, Act][]} */
function actsOn(config) {
  const service = Object.keys(config.services ?? {})[0];
  const victims = new Simulation(config).components().map(({ name }) => name);
  return [
    [0.1, (run) => run.crash(victims[0], 2)],
    [0.1, (run) => run.patch({ services: { [service]: { fail_prob: 0.25 } } })],
    [0.305, (run) => run.crash(/** @type {string} */ (victims.at(-1)))],
    [0.4, promoteSomebody],
    [0.5, (run) => run.recover(/** @type {string} */ (victims.at(-1)))],
    [0.7, (run) => run.patch({ services: { [service]: { fail_prob: 0 } }, network: { loss: 0.01 } })],
  ];
}

/** What is told of a run at these shares of it, in order; nobody watches it. @param {Config} config @param {[number, Act][]} acts @param {number[]} shares */
function unwatched(config, acts, shares) {
  const run = new Simulation(config);
  const { duration } = run;
  let next = 0;
  const all = shares.map((share) => {
    for (; next < acts.length && acts[next][0] <= share; next += 1) {
      run.advanceTo(acts[next][0] * duration);
      acts[next][1](run);
    }
    run.advanceTo(share * duration);
    return told(run);
  });
  run.free();
  return new Map(shares.map((share, place) => [share, all[place]]));
}

/** The same run in many slices, seen by a machine. @param {TimeMachine} machine @param {Config} config @param {[number, Act][]} acts */
function watched(machine, config, acts) {
  const run = new Simulation(config);
  machine.begin(run);
  let next = 0;
  for (let slice = 1; slice <= 200; slice += 1) {
    const until = (slice / 200) * run.duration;
    for (; next < acts.length && acts[next][0] * run.duration <= until; next += 1) {
      run.advanceTo(acts[next][0] * run.duration);
      machine.act(run, acts[next][1]);
    }
    run.advanceTo(until);
    machine.keep(run);
  }
  return run;
}

test("every moment of every scenario comes back as it was", () => {
  for (const [id, config] of scenarios) {
    const acts = actsOn(config);
    const expected = unwatched(config, acts, [0, 0.0999, 0.1, 0.305, 0.31, 0.62, 0.7, 0.71, 1]);
    // Few snapshots as well, so that what was done has to be done again.
    for (const limits of AGAIN.includes(id) ? [{}, { most: 3 }, { mostBytes: 1 }] : [{}]) {
      const machine = new TimeMachine(limits);
      const run = watched(machine, config, acts);
      const end = told(run);
      assert(machine.places.length <= 128 && machine.bytes <= 64 * 2 ** 20);
      for (const share of [0.62, 0, 0.1, 0.0999, 0.31, 0.305, 1, 0.7, 0.71, 0.1]) {
        const wanted = expected.get(share);
        assert(wanted);
        same(told(machine.at(share * run.duration)), wanted, `${id} at ${share} with ${JSON.stringify(limits)}`);
      }
      same(told(run), end, `${id}: the run itself`);
      machine.forget();
      run.free();
    }
  }
});

test("event for event a run goes back, also in the middle of a moment", () => {
  const config = scenarios.get("primary-failover");
  const machine = new TimeMachine({ most: 4 });
  const run = new Simulation(config);
  machine.begin(run);
  /** @type {Map<number, unknown[]>} */
  const seen = new Map();
  for (let round = 0; round < 60; round += 1) {
    run.stepEvents(501);
    if (round % 20 === 10) machine.act(run, (it) => it.crash(it.components()[round / 10].name, 5));
    seen.set(run.events, told(run));
    machine.keep(run);
  }
  for (const [events, expected] of [...seen].reverse()) same(told(machine.atEvent(events)), expected, `after ${events} events`);
  for (const [events, expected] of seen) same(told(machine.atEvent(events)), expected, `after ${events} events, onwards`);
  const last = machine.at(run.now)?.events ?? 0;
  assert.equal(machine.before(run.now)?.events, last - 1);
  assert.equal(machine.atEvent(last - 2)?.events, last - 2);
  assert.equal(machine.before(0)?.events, 0, "nothing is before the beginning");
});

test("a mistake is thrown, and not done again", () => {
  const machine = new TimeMachine();
  const run = new Simulation(scenarios.get("coursework"));
  machine.begin(run);
  run.advanceTo(5);
  assert.throws(() => machine.act(run, (it) => it.crash("nobody")), { code: "unknown_component" });
  assert.equal(machine.places.length, 1);
  assert.equal(machine.at(7)?.now, 7);
});

test("snapshots are thinned evenly, and the beginning stays", () => {
  const machine = new TimeMachine({ most: 10 });
  const run = new Simulation(scenarios.get("overload"));
  machine.begin(run);
  while (!run.finished) {
    run.advanceTo(run.now + run.duration / 400);
    machine.keep(run);
  }
  const places = machine.places.map(({ events }) => events);
  assert.deepEqual([places.length, places[0]], [10, 0]);
  const widest = Math.max(...places.slice(1).map((events, before) => events - places[before]));
  assert(widest < 3 * (run.events / 9), `of ${run.events} events ${widest} lie between two snapshots`);
});

test("a run that is taken back goes another way", () => {
  const config = scenarios.get("cache-outage");
  const machine = new TimeMachine();
  const run = watched(machine, config, actsOn(config));
  /** @type {Act} */
  const another = (it) => it.patch({ users: { [Object.keys(config.users)[0]]: { read_share: 0.5 } } });
  const expected = unwatched(config, [...actsOn(config).slice(0, 4), [0.6, another]], [0.2, 0.4, 0.45, 0.6, 0.8]);
  machine.rewind(run, 0.4 * run.duration);
  same(told(run), expected.get(0.4) ?? [], "taken back");
  run.advanceTo(0.6 * run.duration);
  machine.act(run, another);
  run.advanceTo(0.8 * run.duration);
  machine.keep(run);
  for (const [share, wanted] of expected) same(told(machine.at(share * run.duration)), wanted, `another way, at ${share}`);
});

test("without a run there is nothing to see", () => {
  const machine = new TimeMachine();
  assert.equal(machine.at(1), undefined);
  assert.equal(machine.before(1), undefined);
  machine.begin(new Simulation(scenarios.get("coursework")));
  machine.forget();
  assert.deepEqual([machine.places, machine.bytes, machine.at(0)], [[], 0, undefined]);
});
