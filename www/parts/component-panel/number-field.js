// One number of the configuration: changes apply at once, mistakes are told at the field.

import { told } from "../../i18n/rules.js";
import { h, write } from "../dom.js";
import { SCALE } from "./settings.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./settings.js").Setting} Setting */

let fields = 0;

export class NumberField {
  #texts;
  #setting;
  #apply;
  #input = h("input", { type: "number", step: "any" });
  #message = h("p", { class: "panel-message", role: "status" });

  /**
   * @param {Texts} texts
   * @param {Setting} setting
   * @param {(patch: ReturnType<Setting["patch"]>) => void} apply throws what the simulator throws
   */
  constructor(texts, setting, apply) {
    this.#texts = texts;
    this.#setting = setting;
    this.#apply = apply;
    fields += 1;
    const id = `panel-field-${fields}`;
    this.#input.id = id;
    this.#input.min = "0";
    if (setting.unit === "%") this.#input.max = "100";
    if (setting.optional) this.#input.placeholder = texts.text("panel.any");
    this.#message.id = `${id}-message`;
    this.#input.setAttribute("aria-describedby", this.#message.id);
    this.#input.dataset.path = setting.path;
    this.#input.addEventListener("change", () => this.#changed());
    const unit = setting.unit === "ms" || setting.unit === "s" ? texts.text(`unit.${setting.unit}`) : setting.unit;
    this.element = h("div", { class: "panel-field" },
      h("label", { for: id }, labelOf(texts, setting)),
      h("span", { class: "panel-input" }, this.#input, h("span", { class: "panel-unit" }, unit)),
      this.#message);
    this.#write();
  }

  /** What the configuration says now; a field with a mistake, or one that is being typed in, stays as it is. @param {Setting} setting */
  show(setting) {
    this.#setting = setting;
    if (this.#input.matches(":focus") || this.#input.hasAttribute("aria-invalid")) return;
    this.#write();
  }

  #write() {
    const { value, unit } = this.#setting;
    this.#input.value = value === null ? "" : String(Number((value * SCALE[unit]).toPrecision(9)));
  }

  #changed() {
    const { unit, optional, patch } = this.#setting;
    const text = this.#input.value.trim();
    const bad = this.#input.validity.badInput || (text === "" && !optional);
    if (bad) {
      this.#tell(this.#texts.text("panel.not_a_number"), true);
      return;
    }
    try {
      this.#apply(patch(text === "" ? null : Number((Number(text) / SCALE[unit]).toPrecision(12))));
      this.#tell(this.#texts.text("panel.applied"), false);
    } catch (problem) {
      this.#tell(ruleOf(problem, this.#texts), true);
    }
  }

  /** @param {string} text @param {boolean} bad */
  #tell(text, bad) {
    write(this.#message, text);
    this.#message.classList.toggle("bad", bad);
    if (bad) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }
}

/** What is wrong, without the path: the reader sees the field. @param {unknown} problem @param {Texts} texts */
function ruleOf(problem, texts) {
  const { errors = [], message = String(problem) } = /** @type {Partial<import("../../web-service-model.js").WebServiceModelError>} */ (problem);
  const rules = errors.length > 0 ? errors.map((error) => error.rule) : [message];
  return rules.map((rule) => told(rule, texts).text).join("; ");
}

/** @param {Texts} texts @param {Setting} setting */
function labelOf(texts, { label, part, queue = "" }) {
  const name = texts.known("panel.field", label).replace("{queue}", () => queue);
  return part ? `${name}, ${texts.known("panel.part", part)}` : name;
}
