// A policy: none, one of those that have a name, or one of its own.

import { isObject, same } from "../../run/json.js";
import { h } from "../dom.js";
import { Group } from "./group.js";
import { bodyOf } from "./preset-body.js";
import { namesFor } from "./references.js";
import { showOption } from "./simple-fields.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** Stands for one of its own among the names, which are never that long. */
const OWN = "own".padEnd(200);

export class PolicyField extends Group {
  #select;
  #own;
  /** @type {string[] | undefined} */
  #offered;
  /** @type {ReturnType<typeof bodyOf> | undefined} */
  #fields;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    this.#own = context.schema.own(shape);
    this.#select = h("select", { "aria-labelledby": this.heading.id, onchange: () => this.#choose(this.#select.value) });
    this.buttons.append(this.#select);
    this.body.hidden = true;
  }

  /** @param {unknown} value */
  update(value) {
    const { config, texts } = this.context;
    const names = namesFor(config(), "policies", this.path).flatMap((group) => group.names);
    if (!same(names, this.#offered)) {
      this.#offered = names;
      const option = (/** @type {string} */ key, /** @type {string} */ text) => h("option", { value: key }, text);
      this.#select.replaceChildren(option("", texts.text("editor.none")), ...names.map((name) => option(name, name)), option(OWN, texts.text("editor.policy.own")));
    }
    const name = typeof value === "string" ? value : "";
    showOption(this.#select, isObject(value) ? OWN : name, texts.text("editor.missing", { name }));
    this.#show(isObject(value));
    this.#fields?.update(value);
  }

  /** @param {string} chosen */
  #choose(chosen) {
    const { context } = this;
    if (chosen === OWN) context.add(this.path, this.#own);
    else context.change(this.path, chosen === "" ? undefined : chosen);
  }

  /** @param {boolean} isOwn */
  #show(isOwn) {
    if (isOwn === (this.#fields !== undefined)) return;
    this.#fields = isOwn ? bodyOf(this.context, this.#own, this.path) : undefined;
    this.body.replaceChildren(...(this.#fields ? [this.#fields.element] : []));
    this.body.hidden = !isOwn;
  }
}
