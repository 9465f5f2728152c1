// Where an element's configuration comes from: the scenario or the file that its attributes name.

import { fetchText, listScenarios, scenarioText } from "../run/scenarios.js";

/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../parts/laboratory-view.js").LaboratoryView} LaboratoryView */
/** @typedef {import("../parts/laboratory-view.js").TroubleKind} TroubleKind */
/** @typedef {import("../web-service-model.js").WebServiceModelError} WebServiceModelError */
/** @typedef {Pick<import("../parts/alert.js").Trouble, "hint" | "detail" | "action" | "instead"> & { places?: { [name: string]: string } }} More */
/** The attributes that name what is to run. @typedef {{ scenario: string | null, src: string | null }} Named */

/** JSON text, and which scenario of the site it is, if it is one. @typedef {{ id: string | undefined, text: string }} Text */

/**
 * What the element does for it.
 * @typedef {object} Host
 * @property {() => boolean} ready whether the simulator is there
 * @property {() => boolean} running whether there is a run already
 * @property {(change: () => void) => void} quietly changes attributes without doing what they ask for
 * @property {(config: Config) => void} begin throws if it is bad
 * @property {(kind: TroubleKind, problem: unknown, more?: More) => void} trouble
 */

export class Source {
  #element;
  #host;
  #view;
  /** Counts loads: an answer that comes after a later request is not used. */
  #request = 0;
  /** What named the present run: another source may fail. @type {Named} */
  #present = { scenario: null, src: null };
  /** What is being fetched before it can be loaded. @type {{ named: Named, text: Promise<Text> } | undefined} */
  #ahead;

  /** @param {HTMLElement} element @param {Host} host @param {() => LaboratoryView} view */
  constructor(element, host, view) {
    this.#element = element;
    this.#host = host;
    this.#view = view;
  }

  /** Fills the menu of scenarios. */
  async list() {
    try {
      this.#view().offer(await listScenarios());
    } catch (problem) {
      this.#host.trouble("scenarios", problem, { action: this.#retry() });
    }
  }

  /** Fetches what the attributes name, while the simulator is still on its way. */
  fetchAhead() {
    const named = this.#named();
    this.#ahead = { named, text: textOf(named) };
    // What is wrong with it is said when it is loaded, if it still is then.
    this.#ahead.text.catch(() => {});
  }

  /** Loads what the attributes name. */
  async load() {
    if (!this.#host.ready()) return;
    const request = ++this.#request;
    const named = this.#named();
    const ahead = this.#ahead && sameNames(named, this.#ahead.named) ? this.#ahead.text : undefined;
    this.#ahead = undefined;
    try {
      const { id, text } = await (ahead ?? textOf(named));
      if (request !== this.#request) return;
      /** @type {Config} */
      const config = JSON.parse(text);
      this.#host.begin(config);
      this.#present = this.#named();
      this.#view().chosen(id, config);
      this.#view().calm();
    } catch (problem) {
      if (request === this.#request) this.#failed(problem);
    }
  }

  /** Something else runs now: what is still being fetched is not wanted any more. */
  leave() {
    this.#present = this.#named();
    this.#request += 1;
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const { running, trouble } = this.#host;
    const wanted = this.#named();
    const name = wanted.scenario ?? wanted.src ?? "";
    // What runs is what ran before.
    if (running()) {
      this.#name(this.#present);
      this.#view().keep();
    } else {
      this.#view().waits("error");
    }
    const { errors } = /** @type {WebServiceModelError} */ (problem);
    const instead = running() || !name ? undefined : this.#first();
    if (errors?.length) trouble("bad_config", problem, { instead });
    else if (name) trouble("scenario", problem, { places: { name }, action: this.#retry(wanted), instead });
    // Without a name it is the first of the list that was wanted.
    else trouble("scenarios", problem, { action: this.#retry(wanted) });
  }

  /** For what could not be fetched: the network may be back. @param {Named} [wanted] */
  #retry(wanted) {
    return {
      text: /** @type {const} */ ("error.retry"),
      run: () => {
        if (wanted) this.#name(wanted);
        void this.list();
        void this.load();
      },
    };
  }

  /** Something to run where the name was a wrong one. */
  #first() {
    const run = () => {
      this.#name({ scenario: null, src: null });
      void this.load();
    };
    return { text: /** @type {const} */ ("error.first"), run };
  }

  /** @returns {Named} */
  #named() {
    return { scenario: this.#element.getAttribute("scenario"), src: this.#element.getAttribute("src") };
  }

  /** Sets these attributes without loading anything. @param {Named} named */
  #name(named) {
    this.#host.quietly(() => {
      for (const [name, value] of Object.entries(named)) {
        if (value === null) this.#element.removeAttribute(name);
        else this.#element.setAttribute(name, value);
      }
    });
  }
}

/** Fetches a scenario, a file, or the first scenario of the list. @param {Named} named @returns {Promise<Text>} */
async function textOf({ scenario, src }) {
  const id = scenario ?? (src ? undefined : (await listScenarios())[0]?.id);
  return { id, text: await (id ? scenarioText(id) : fetchText(new URL(src ?? "", document.baseURI))) };
}

/** @param {Named} one @param {Named} other */
function sameNames(one, other) {
  return one.scenario === other.scenario && one.src === other.src;
}
