// A lesson: buttons in the text act on the laboratories beside it, and figures in the text follow their runs. Everything
// here goes through what elements/README.md documents, as it would on anybody's page.

import { offerChoices, texts } from "./choices.js";

/** @typedef {import("./elements/web-service-model.js").WebServiceModel} WebServiceModel */

/** @param {string} id */
const model = (id) => /** @type {WebServiceModel} */ (document.getElementById(id));

const replication = model("replication");
const storm = model("storm");
const whole = model("whole");
const models = [replication, storm, whole];

/** Figures are written this often at most, in milliseconds: faster cannot be read. */
const REFRESH_MS = 250;

const TITLES = {
  en: "What an answer costs: a lesson with live laboratories",
  ru: "Чего стоит ответ: урок с живыми лабораториями",
};

/** From the start, with what was changed. @param {WebServiceModel} element */
function runAnew(element) {
  element.reset();
  element.play();
}

/** What the buttons of the text do. @type {Record<string, () => void>} */
const actions = {
  "replication-run": () => runAnew(replication),
  "replication-slow": () => {
    replication.patch({ db_clusters: { AsyncDB: { replication: { delay: 2 } } } });
    runAnew(replication);
  },
  "replication-crash": () => forPrimaries((name) => replication.crash(name)),
  "replication-recover": () => forNodes((name) => replication.recover(name)),
  "storm-run": () => runAnew(storm),
  "storm-limit": () => {
    storm.patch({ services: { Shop: { queue_limit: 20 } } });
    runAnew(storm);
  },
  "storm-patient": () => {
    storm.patch({ users: { clients: { client: { retries: null } } } });
    runAnew(storm);
  },
  "whole-run": () => (whole.state === "running" ? whole.pause() : whole.play()),
};

/** @param {(name: string) => void} act */
function forPrimaries(act) {
  for (const { name, kind, role, state } of replication.simulation?.components() ?? []) {
    if (kind === "node" && role === "primary" && state !== "down") act(name);
  }
}

/** @param {(name: string) => void} act */
function forNodes(act) {
  for (const { name, kind, state } of replication.simulation?.components() ?? []) {
    if (kind === "node" && state === "down") act(name);
  }
}

/** Writes a figure wherever the text has a place for it. @param {string} name @param {string} value */
function tell(name, value) {
  for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
    if (place.textContent !== value) place.textContent = value;
  }
}

function tellReplication() {
  const report = replication.simulation?.report();
  if (!report) return;
  const { services, db_clusters: databases } = report;
  tell("replication-now", texts.integer(Math.floor(report.simulated_seconds)));
  tell("async-latency", texts.span(services.AsyncShop?.latency.mean));
  tell("sync-latency", texts.span(services.SyncShop?.latency.mean));
  tell("async-lost", texts.integer(databases.AsyncDB?.lost_writes ?? 0));
  tell("sync-lost", texts.integer(databases.SyncDB?.lost_writes ?? 0));
}

/** The delay that is in force, as the configuration says. */
function tellDelay() {
  const delay = replication.config?.db_clusters?.AsyncDB?.replication?.delay;
  if (typeof delay === "number") tell("delay", texts.span(delay));
  else if (delay && typeof delay === "object" && "uniform" in delay) tell("delay", delay.uniform.map((end) => texts.span(Number(end))).join(" – "));
}

function tellStorm() {
  const requests = storm.simulation?.report().requests;
  if (!requests) return;
  tell("storm-success", texts.percent(requests.success_ratio));
  tell("storm-total", texts.integer(requests.total));
  tell("storm-retries", texts.integer(requests.retries));
}

function tellWhole() {
  tell("whole-state", texts.named("status", whole.state).toLocaleLowerCase(texts.language));
}

/** Writes the figures of a run when they are new, but not too often. @param {WebServiceModel} element @param {() => void} write */
function follow(element, write) {
  let last = -Infinity;
  element.addEventListener("progress", () => {
    if (element.state === "running" && performance.now() - last < REFRESH_MS) return;
    last = performance.now();
    write();
  });
  whenReady(element, write);
}

/** Each time a run begins; at once if one has begun before this script. @param {WebServiceModel} element @param {() => void} work */
function whenReady(element, work) {
  element.addEventListener("ready", work);
  if (element.simulation) work();
}

follow(replication, tellReplication);
follow(storm, tellStorm);
follow(whole, tellWhole);
whenReady(replication, tellDelay);
replication.addEventListener("configchange", tellDelay);

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-do]"))) {
  const name = button.dataset.do ?? "";
  // Only once there is something to act on.
  whenReady(model(name.split("-")[0]), () => (button.disabled = false));
  button.addEventListener("click", () => {
    actions[name]();
    show(model(name.split("-")[0]));
  });
}

/** Scrolls to what the button has set going: a run that nobody sees waits. @param {WebServiceModel} element */
function show(element) {
  if (element === whole) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

offerChoices(models, () => {
  document.title = TITLES[texts.language];
  tellReplication();
  tellDelay();
  tellStorm();
  tellWhole();
});
