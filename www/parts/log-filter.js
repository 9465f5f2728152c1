// Which events the log shows: of which kinds, and whose.

import { h } from "./dom.js";
import { offer } from "./select.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/log-reader.js").Wanted} Wanted */
/** @typedef {import("../web-service-model.js").ComponentState} ComponentState */
/** @typedef {import("../web-service-model.js").LogKind} LogKind */

/** @type {LogKind[]} */
const FAULTS = ["crash", "recover", "slow", "failing", "partition", "heal"];
/** @type {LogKind[]} */
const FAILOVER = [
  "suspicion",
  "called_off",
  "failover",
  "no_candidate",
  "promotion",
  "demotion",
  "forgot",
  "rejoin",
  "resync_started",
  "resync_done",
];
/** @type {LogKind[]} */
const BREAKERS = ["breaker", "ejection"];
/** @type {LogKind[]} */
const PRESENCE = ["scaling", "deployment", "presence"];
/** @type {LogKind[]} */
const MESSAGES = ["redelivery", "election"];
/** @type {LogKind[]} */
const RUN = ["config_change", "warm_up_end"];
const WRITES = "replicated_write";

/** Kinds that are chosen together; none is all of them. @type {Record<string, LogKind[]>} */
const TOGETHER = {
  important: [...FAULTS, ...FAILOVER, ...BREAKERS, ...PRESENCE, ...MESSAGES, ...RUN],
  faults: FAULTS,
  replication: [...FAILOVER, WRITES],
  all: [],
};

const BEGIN = "important";

/** Every kind there is. */
const KINDS = [...FAULTS, ...FAILOVER, ...BREAKERS, ...PRESENCE, ...MESSAGES, WRITES, ...RUN];

export class LogFilter {
  #texts;
  #kinds = h("select", { id: "log-kinds" });
  #component = h("select", { id: "log-component" });
  /** Names of components, by the service, cluster, cache or broker that they belong to. @type {Map<string, string[]>} */
  #groups = new Map();

  /** @param {Texts} texts @param {() => void} changed */
  constructor(texts, changed) {
    this.#texts = texts;
    for (const select of [this.#kinds, this.#component]) select.addEventListener("change", changed);
    this.elements = [
      h("span", { class: "field" }, texts.label(h("label", { for: "log-kinds" }), "log.kinds"), this.#kinds),
      h("span", { class: "field" }, texts.label(h("label", { for: "log-component" }), "log.component"), this.#component),
    ];
    this.relabel();
  }

  focus() {
    this.#kinds.focus();
  }

  /** @returns {Wanted} */
  get wanted() {
    const kinds = TOGETHER[this.#kinds.value] ?? [/** @type {LogKind} */ (this.#kinds.value)];
    return this.#component.value ? { kinds, component: this.#component.value } : { kinds };
  }

  /** What is chosen, where it is not what one begins with. @returns {import("../run/link-view.js").LogChoice | undefined} */
  get choice() {
    const [kinds, component] = [this.#kinds.value, this.#component.value];
    return kinds === BEGIN && component === "" ? undefined : { kinds, component };
  }

  /** What is not offered is not chosen. */
  set choice(choice) {
    const { kinds = BEGIN, component = "" } = choice ?? {};
    for (const [select, value] of /** @type {const} */ ([[this.#kinds, kinds], [this.#component, component]])) {
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
  }

  /** Offers these to choose from. @param {ComponentState[]} components */
  offer(components) {
    this.#groups = new Map();
    for (const { name, group } of components) this.#groups.set(group, [...(this.#groups.get(group) ?? []), name]);
    this.#offerComponents();
  }

  relabel() {
    const texts = this.#texts;
    const together = Object.keys(TOGETHER).map((value) => ({ value, text: texts.named("log.kinds", value) }));
    const single = KINDS.map((value) => ({ value, text: texts.named("event", value) }));
    offer(this.#kinds, [...together, { title: texts.text("log.kinds.single"), choices: single }]);
    this.#offerComponents();
  }

  #offerComponents() {
    const texts = this.#texts;
    const all = { value: "", text: texts.text("log.component.all") };
    const groups = [...this.#groups].map(([group, names]) => {
      // A cache or a broker is a group of one, which it gives its name to.
      if (names.length === 1 && names[0] === group) return { value: group, text: group };
      const whole = { value: group, text: texts.text("log.component.whole", { name: group }) };
      return { title: group, choices: [whole, ...names.map((name) => ({ value: name, text: name }))] };
    });
    offer(this.#component, [all, ...groups]);
  }
}
