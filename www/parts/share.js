// Ways in and out: a link to what is seen, configuration files.

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */

/**
 * @typedef {object} Actions
 * @property {() => Promise<{ link: string, touched: boolean } | undefined>} link undefined when there is none; then it has been said why
 * @property {(files: File[]) => void} open
 * @property {() => void} save
 */

export class Share {
  #texts;
  #actions;
  #file = h("input", { type: "file", accept: ".json,application/json,.conf,.cfg,.yml,.yaml", hidden: true, tabindex: -1 });
  #result = h("div", { class: "share-result", role: "status" });

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const link = this.#button("link", "share.link", () => void this.#copy());
    texts.attribute(link, "title", "share.link.note");
    this.#file.addEventListener("change", () => this.#open());
    const group = h(
      "div",
      { class: "buttons", role: "group" },
      link,
      this.#button("folder", "share.open", () => this.#file.click()),
      this.#button("download", "share.save", actions.save),
      this.#file,
    );
    texts.attribute(group, "aria-label", "share.group");
    this.element = h("div", { class: "share" }, group, this.#result);
  }

  relabel() {
    // What was said about the last attempt is in the former language.
    this.#result.replaceChildren();
  }

  /** Says which file runs now. @param {string} name */
  opened(name) {
    this.#result.replaceChildren(h("p", { class: "good" }, this.#texts.text("share.opened", { name })));
  }

  /** Takes back what was said. */
  calm() {
    this.#result.replaceChildren();
  }

  #open() {
    const files = [...(this.#file.files ?? [])];
    // The same file may be chosen again, after it has been mended.
    this.#file.value = "";
    if (files.length > 0) this.#actions.open(files);
  }

  async #copy() {
    this.calm();
    const made = await this.#actions.link();
    if (made === undefined) return;
    try {
      await navigator.clipboard.writeText(made.link);
      this.#result.replaceChildren(h("p", { class: "good" }, this.#texts.text("share.copied")));
    } catch {
      // Not allowed in this frame, or there is no clipboard without https.
      this.#offerByHand(made.link);
    }
    if (made.touched) this.#result.append(h("p", { class: "note" }, this.#texts.text("share.touched")));
  }

  /** @param {string} link */
  #offerByHand(link) {
    const field = h("input", { type: "text", readonly: true, value: link, class: "share-address" });
    field.setAttribute("aria-label", this.#texts.text("share.address"));
    this.#result.replaceChildren(h("p", {}, this.#texts.text("share.by_hand")), field);
    field.focus();
    field.select();
  }

  /** @param {import("./icon.js").IconName} name @param {Key} text @param {() => void} action */
  #button(name, text, action) {
    return h("button", { type: "button", class: "small", onclick: action }, icon(name), this.#texts.label(h("span"), text));
  }
}
