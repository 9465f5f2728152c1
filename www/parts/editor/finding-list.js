// Where the mistakes and warnings of a configuration belong: to a field on show, to a part at the side; and the list of
// them all.

import { told } from "../../i18n/rules.js";
import { h, renew, write } from "../dom.js";
import { icon } from "../icon.js";
import { fieldOf } from "./context.js";
import { MAPS, SECTIONS } from "./layout.js";
import { readPath, writePath } from "./path.js";
import { prose } from "./words.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./context.js").Finding} Finding */
/** @typedef {{ mistakes: number, warnings: number }} Counts */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */

/** So many are listed; the others are counted. */
const LISTED_MAX = 8;

/** The part of the configuration in which a place lies, as the list at the side has it. @param {Path} path @returns {Path} */
export function sectionOf(path) {
  const section = String(path[0] ?? "");
  if (!SECTIONS.includes(section)) return [];
  const isMap = /** @type {readonly string[]} */ (MAPS).includes(section) || section === "faults";
  return isMap ? (path.length > 1 ? path.slice(0, 2) : []) : [section];
}

/** How many there are in each part. @param {Finding[]} findings @returns {Map<string, Counts>} */
export function countsByPart(findings) {
  /** @type {Map<string, Counts>} */
  const counts = new Map();
  for (const { path, isWarning } of findings) {
    const part = writePath(sectionOf(readPath(path)));
    const { mistakes, warnings } = counts.get(part) ?? { mistakes: 0, warnings: 0 };
    counts.set(part, isWarning ? { mistakes, warnings: warnings + 1 } : { mistakes: mistakes + 1, warnings });
  }
  return counts;
}

/** Shows each at its field, or at the nearest one around it. @param {HTMLElement} form @param {Path} section that it shows @param {Finding[]} findings */
export function showFindings(form, section, findings) {
  const fields = fieldsOf(form);
  /** @type {Map<Field, Finding[]>} */
  const found = new Map([...fields.values()].map((field) => [field, []]));
  for (const finding of findings) {
    const path = readPath(finding.path);
    if (writePath(sectionOf(path)) !== writePath(section)) continue;
    const depth = depthOf(fields, path);
    const field = depth === undefined ? undefined : fields.get(writePath(path.slice(0, depth)));
    if (field) found.get(field)?.push({ ...finding, path: writePath(path.slice(depth)) });
  }
  for (const [field, list] of found) field.showFindings(list);
  for (const element of form.querySelectorAll(".has-errors, .has-warnings")) unfold(element);
}

/** Puts the focus on the field of a place, or on the nearest one around it. @param {HTMLElement} form @param {Path} path */
export function focusField(form, path) {
  const fields = fieldsOf(form);
  const depth = depthOf(fields, path);
  const field = depth === undefined ? undefined : fields.get(writePath(path.slice(0, depth)));
  if (!field) return;
  unfold(field.element);
  field.focus();
  field.element.scrollIntoView({ block: "nearest" });
}

/** Opens whatever a part of the form is folded away in. @param {Element} element */
function unfold(element) {
  for (let fold = element.closest("details.form-more"); fold; fold = fold.parentElement?.closest("details.form-more") ?? null) {
    fold.setAttribute("open", "");
  }
}

/** Of two fields of the same place the inner one counts. @param {HTMLElement} form */
function fieldsOf(form) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-path]"))) {
    const field = fieldOf.get(element);
    if (field) fields.set(element.dataset.path ?? "", field);
  }
  return fields;
}

/** How much of a path has a field. @param {Map<string, Field>} fields @param {Path} path */
function depthOf(fields, path) {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    if (fields.has(writePath(path.slice(0, depth)))) return depth;
  }
  return undefined;
}

/** All mistakes, or else all warnings, each a link to its field. */
export class FindingList {
  #texts;
  #go;
  #leave;
  #words = h("span");
  #title = h("p", {}, icon("mistake"), this.#words);
  #list = h("ul", { class: "errors" });
  element = h("div", { class: "form-findings", hidden: true }, this.#title, this.#list);

  /** @param {Texts} texts @param {(path: Path) => void} go @param {() => void} leave puts the focus elsewhere, as there is nothing here any more */
  constructor(texts, go, leave) {
    this.#texts = texts;
    this.#go = go;
    this.#leave = leave;
  }

  /** The simulator warns only of what is free of mistakes. @param {Finding[]} findings */
  update(findings) {
    const isWarning = findings.every((finding) => finding.isWarning);
    if (findings.length === 0 && this.element.matches(":focus-within")) this.#leave();
    this.element.hidden = findings.length === 0;
    this.element.classList.toggle("form-mistakes", !isWarning);
    this.element.classList.toggle("form-warnings", isWarning);
    this.#title.firstChild?.replaceWith(icon(isWarning ? "alert" : "mistake"));
    write(this.#words, this.#texts.text(isWarning ? "editor.warnings" : "editor.mistakes", { count: findings.length }));
    const items = findings.slice(0, LISTED_MAX).map((finding) => h("li", {}, this.#link(finding), " ", this.#rule(finding)));
    const more = findings.length - items.length;
    if (more > 0) items.push(h("li", {}, this.#texts.text("editor.errors.more", { count: more })));
    renew(this.#list, items);
  }

  /** @param {Finding} finding */
  #rule({ rule }) {
    const { text, lang } = told(rule, this.#texts);
    return h("span", { lang }, ...prose(text));
  }

  /** @param {Finding} finding */
  #link({ path, found }) {
    const place = path || this.#texts.text("error.whole");
    const text = found === null ? `${place}:` : `${place}: ${found}`;
    return h("button", { type: "button", class: "link-button", onclick: () => this.#go(readPath(path)) }, h("code", {}, text));
  }
}
