import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { logDetail } from "../../www/parts/log-details.js";
import { listed } from "./scenarios.mjs";

/** @import { Config, LogEntry } from "#web-service-model" */

await loadLanguage("ru");

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

/** Everything that can happen, does. @type {Config} */
const EVENTFUL = {
  duration: 120,
  warm_up: 1,
  users: { all: { arrivals: { poisson: { rate: 40 } }, targets: { "Shop and Co": 1 }, read_share: 0.5, policy: { breaker: { window: { calls: 10 }, open_for: 1 } } } },
  network: { partition_timeout: "100ms" },
  // Names that look like what the log says.
  services: {
    "Shop and Co": { instances: 2, service_time: "1ms", database: { name: "one and two" }, knowledge: { checks: { interval: 1, timeout: 0.5 } } },
  },
  db_clusters: {
    "one and two": { replicas: 1, operation: "1ms", failover: { monitor_interval: 0.1, promotion_time: "500ms" } },
  },
  brokers: { "Rabbit and Co": { nodes: 3, queues: { "mail at now": { type: "quorum", node: 0 } } } },
  faults: [
    { crash: { component: "Rabbit and Co/0", at: 3, recover_at: 9 } },
    { slow: { component: "Shop and Co-0", factor: 2.5, from: 5, until: 8 } },
    { partition: { between: ["Shop and Co", "one and two"], from: 10, until: 12 } },
    { partition: { between: ["balancer", "users"], from: 10, until: 12 } },
    { crash: { component: "one and two/0", at: 20, recover_at: 30 } },
    { crash: { component: "one and two", at: 50, recover_at: 60 } },
    { crash: { component: "Shop and Co-1", at: 61, recover_at: 66 } },
  ],
};

/** The log of a run in which the configuration is changed by the way. @param {Config} config @returns {LogEntry[]} */
function logOf(config) {
  const simulation = new Simulation(config);
  try {
    simulation.advanceTo(70);
    simulation.crash(simulation.components()[0].name, 1);
    simulation.patch({ network: { loss: 0.001 }, duration: 100 });
    simulation.patch({ network: { loss: null } });
    simulation.advanceTo(1000);
    return simulation.log().entries;
  } finally {
    simulation.free();
  }
}

test("whatever the simulator writes into the log can be said in Russian", async () => {
  const texts = new Texts();
  texts.language = "ru";
  const entries = [...(await listed()), EVENTFUL].flatMap(logOf);
  for (const { kind, detail } of entries) {
    const told = logDetail(detail, texts);
    assert.notEqual(told, undefined, `${kind}: ${detail}`);
    // The text of a change is the configuration's own.
    if (kind !== "config_change") assert.match(told ?? "", /[а-я]/, `${kind}: ${detail}`);
  }
  const kinds = [...new Set(entries.map((entry) => entry.kind))].sort();
  assert.deepEqual(kinds, Object.keys(texts.group("event")).sort(), "kinds of events that were seen");
});

test("numbers, names and values of the log are put as the language puts them", () => {
  const texts = new Texts();
  texts.language = "ru";
  const say = (/** @type {string} */ detail) => logDetail(detail, texts);
  assert.equal(say("times are multiplied by 2.5"), "длительности умножены на 2,5");
  assert.equal(say("between users and Shop"), "между пользователями и Shop");
  assert.equal(say("is the primary now, 2 writes lost"), "теперь мастер, потеряны 2 записи");
  assert.equal(say("the breaker to Shop has opened"), "предохранитель к Shop разомкнулся");
  assert.equal(say("services.Shop.fail_prob: default → 0.5"), "services.Shop.fail_prob: по умолчанию → 0.5");
  assert.equal(say('services.Shop.name: "default" → "x"'), 'services.Shop.name: "default" → "x"');
  assert.equal(say(""), "");
  assert.equal(say("something new"), undefined);
});
