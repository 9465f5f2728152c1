// What fields are called and what they mean, in the language of the moment.

import docs from "../../i18n/parts/editor-docs.ru.js";
import { h } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./schema.js").Shape} Shape */

/** An item of a list is called what its type is called, and not as the list. @param {Shape} shape */
const isItem = ({ id, type }) => id.endsWith("[]") && type !== id;

/** @type {{ [id: string]: string }} */
const RUSSIAN = docs;

export class Words {
  /** @param {Texts} texts */
  constructor(texts) {
    this.texts = texts;
  }

  /** @param {Shape} shape */
  label(shape) {
    return this.field(shape.id, isItem(shape) ? shape.type : shape.name);
  }

  /** @param {string} id of a field @param {string} [name] */
  field(id, name = id.slice(id.lastIndexOf(".") + 1)) {
    return this.texts.known("field", id, this.texts.named("field", name));
  }

  /** @param {string} type @param {string} key of an option */
  option(type, key) {
    return this.texts.known("option", `${type}.${key}`, key);
  }

  /** What a field means, and in which range it lies. @param {Shape} shape */
  meaning(shape) {
    const doc = this.doc(shape.id, shape.doc);
    const { minimum, maximum } = shape;
    // Most docs name the range already.
    if (minimum === undefined || /\d/.test(doc) || (minimum === 0 && maximum === 1)) return doc;
    const from = this.texts.number(minimum);
    const range = maximum === undefined
      ? minimum > 0 && this.texts.text("editor.at_least", { from })
      : this.texts.text("editor.range", { from, to: this.texts.number(maximum) });
    return range ? `${doc.replace(/\.$/, "")} (${range}).` : doc;
  }

  /** What something means: in English as the schema says it. @param {string} id @param {string} english */
  doc(id, english) {
    const text = this.texts.language === "ru" ? (RUSSIAN[id] ?? english) : english;
    return text.replaceAll(/\n(?!\n)/g, " ").replaceAll(/ ?\n ?/g, " ");
  }
}

/** A text in which `code` stands in backticks. @param {string} text @returns {Node[]} */
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : document.createTextNode(part)));
}
