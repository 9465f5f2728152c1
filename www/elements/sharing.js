// What an element does so that a configuration outlives the page: links, files, drafts. The address and the browser's
// storage belong to the whole page, so an element uses them only if the page says so (attributes `permalink`, `drafts`).

import { en } from "../i18n/en.js";
import { download } from "../parts/download.js";
import { configText, fileName, readConfigFile } from "../run/config-file.js";
import { Drafts } from "../run/drafts.js";
import { decodeLink, encodeLink, isLink } from "../run/permalink.js";
import { siteAddress } from "../run/site.js";

/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/drafts.js").Draft} Draft */
/** @typedef {import("../run/link-view.js").LinkView} LinkView */
/** @typedef {import("../parts/laboratory-view.js").LaboratoryView} LaboratoryView */
/** @typedef {import("../i18n/texts.js").Key} Key */

/**
 * What the element does for this.
 * @typedef {object} Owner
 * @property {(name: "permalink" | "drafts") => boolean} asked whether the page has set the attribute
 * @property {() => Config | undefined} config of the run, its seed included
 * @property {import("../run/config-file.js").Reader} reader what the simulator says of texts
 * @property {(config: Config) => void} load throws if it is bad; then the run in progress goes on
 * @property {() => LinkView} sight what is looked at
 * @property {(view: LinkView) => void} look
 * @property {() => (import("../run/permalink.js").LinkBaseline & { touched: boolean }) | undefined} comparison what the run is compared with
 * @property {(baseline: import("../run/permalink.js").LinkBaseline) => Promise<void>} compare runs it once more; rejects if it is bad
 * @property {(kind: "link" | "make_link" | "rerun" | "file" | "draft", problem: unknown, more: { hint?: Key, detail?: string }) => void} trouble
 */

/** Where a link leads that is made on somebody else's page: to the page of this site. */
const SITE = siteAddress("index.html");
/** Problems of which the translated hint does not say all. */
const WITH_DETAIL = ["file.not_json", "file.unreadable"];

export class Sharing {
  #owner;
  #view;
  #drafts = new Drafts();

  /** @param {Owner} owner @param {() => LaboratoryView} view */
  constructor(owner, view) {
    this.#owner = owner;
    this.#view = view;
  }

  /** @param {AbortSignal} signal until when the page is listened to */
  connect(signal) {
    addEventListener("hashchange", () => void this.#changed(), { signal });
    addEventListener("pagehide", () => this.#drafts.flush(), { signal });
  }

  /** Begins with what the address holds, or as usual. @param {() => Promise<void>} usual */
  async begin(usual) {
    let link, problem;
    while (this.linked && link !== location.hash) {
      link = location.hash;
      problem = await this.#follow();
    }
    if (!this.#owner.config()) await usual();
    if (problem) this.#explain("link", problem);
    if (this.#owner.asked("drafts")) this.#offer(this.#drafts.read());
  }

  /** An address that opens this site with what is seen now. */
  async permalink() {
    const config = this.#owner.config();
    if (!config) throw new Error("the element is not ready yet");
    const address = new URL(this.#owner.asked("permalink") ? location.href : SITE);
    const { touched: _, ...baseline } = this.#owner.comparison() ?? {};
    const compared = "config" in baseline ? { baseline: /** @type {import("../run/permalink.js").LinkBaseline} */ (baseline) } : {};
    address.hash = await encodeLink({ config, view: this.#owner.sight(), ...compared });
    return address.href;
  }

  /** For the button: the link, which the address of the page then is, too. */
  async link() {
    try {
      const link = await this.permalink();
      if (this.#owner.asked("permalink")) history.replaceState(history.state, "", link);
      return { link, touched: this.#owner.comparison()?.touched ?? false };
    } catch (problem) {
      this.#explain("make_link", problem);
      return undefined;
    }
  }

  /** The reader's own configuration runs now. */
  own() {
    this.leave();
    if (!this.#owner.asked("drafts")) return;
    const config = this.#owner.config();
    if (config) this.#drafts.keep(config);
  }

  /** Something else runs than what the address says. */
  leave() {
    if (this.linked) {
      // The whole address: a part of it would be looked up in the page's <base>.
      const address = new URL(location.href);
      address.hash = "";
      history.replaceState(history.state, "", address.href);
    }
    this.#view().share.calm();
  }

  /** @param {File[]} files */
  async open(files) {
    try {
      const { config, imported } = await readConfigFile(files, this.#owner.reader);
      this.#owner.load(config);
      this.own();
      this.#view().calm();
      this.#view().share.opened(files[0].name);
      if (imported) this.#view().imported.show(files[0].name, imported);
    } catch (problem) {
      this.#explain("file", problem);
    }
  }

  save() {
    const config = this.#owner.config();
    if (config) download(`${fileName(config.name)}.json`, "application/json", configText(config));
  }

  /** @param {Draft} draft */
  resume(draft) {
    try {
      this.#owner.load(draft.config);
      this.own();
      this.#view().draft.offer(undefined);
    } catch (problem) {
      this.#explain("draft", problem);
    }
  }

  /** @param {Draft} draft */
  discard(draft) {
    this.#drafts.flush();
    // What was changed since then stays.
    if (this.#drafts.read()?.saved.getTime() === draft.saved.getTime()) this.#drafts.discard();
    this.#view().draft.offer(undefined);
  }

  /** Whether the page begins with a link. */
  get linked() {
    return this.#owner.asked("permalink") && isLink(location.hash);
  }

  /** Another link was put into the address of the open page. */
  async #changed() {
    if (!this.linked || !this.#owner.config()) return;
    const problem = await this.#follow();
    if (problem) this.#explain("link", problem);
    else this.#view().calm();
  }

  /** Opens the link in the address; returns what is wrong with it. @returns {Promise<unknown>} */
  async #follow() {
    const link = location.hash;
    try {
      const { config, view, baseline } = await decodeLink(link);
      // Meanwhile something else was asked for.
      if (location.hash !== link) return undefined;
      this.#owner.load(config);
      this.#owner.look(view);
      // It may take long, and the system can be used meanwhile.
      if (baseline) this.#owner.compare(baseline).catch((problem) => this.#explain("rerun", problem));
      return undefined;
    } catch (problem) {
      return location.hash === link ? problem : undefined;
    }
  }

  /** @param {Draft | undefined} draft */
  #offer(draft) {
    const same = JSON.stringify(draft?.config) === JSON.stringify(this.#owner.config());
    if (draft && !same) this.#view().draft.offer(draft);
  }

  /** @param {"link" | "make_link" | "rerun" | "file" | "draft"} kind @param {unknown} problem */
  #explain(kind, problem) {
    const { code = "", message = String(problem), errors = [] } = /** @type {{ code?: string, message?: string, errors?: unknown[] }} */ (problem);
    const hint = errors.length > 0 ? `${kind}.config` : code.replace(/^link\./, `${kind}.`);
    const key = `error.${hint}`;
    const known = Object.hasOwn(en, key) ? /** @type {Key} */ (key) : undefined;
    // The message is English: it is said where there are no better words.
    const detail = errors.length > 0 || (known && !WITH_DETAIL.includes(code)) ? undefined : message;
    this.#owner.trouble(kind, problem, { hint: known, detail });
  }
}
