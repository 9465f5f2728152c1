// The page's texts in the language that is chosen, and numbers as that language writes them.

import { en } from "./en.js";

/** @typedef {keyof typeof en} Key */
/** @typedef {string | { one?: string, few?: string, many?: string, other: string }} Message */
/** @typedef {Record<Key, Message>} Messages */
/** @typedef {"en" | "ru"} Language */
/** @typedef {{ [place: string]: string | number }} Places */

/** Sentences of the simulator and how they are said in a language. @typedef {[string, string][]} Rules */
/** @typedef {{ messages: Messages, rules: Rules, notes: Rules }} Dictionary */

/** What is there of the languages: English from the start. @type {{ en: Dictionary, ru?: Dictionary }} */
const LANGUAGES = { en: { messages: en, rules: [], notes: [] } };

/** Whether the words of a language are there. @param {Language} language */
export function isLoaded(language) {
  return LANGUAGES[language] !== undefined;
}

/** Fetches the words of a language, which only its readers need. @param {Language} language */
export async function loadLanguage(language) {
  if (language !== "ru" || isLoaded(language)) return;
  const { ru, rules, notes } = await import("./ru.js");
  LANGUAGES.ru = { messages: ru, rules, notes };
}

/**
 * The language that a tag such as "ru-RU" asks for; English if it is none of ours.
 * @param {string | null | undefined} tag
 * @returns {Language}
 */
export function languageOf(tag) {
  return tag?.toLowerCase().split("-")[0] === "ru" ? "ru" : "en";
}

/** Texts and numbers in one language, which can change: what was labelled through it then changes too. */
export class Texts {
  /** @type {Language} */
  #language = "en";
  #dictionary = LANGUAGES.en;
  #plural = new Intl.PluralRules("en");
  /** @type {Map<string, Intl.NumberFormat>} */
  #formats = new Map();
  /** @type {(() => void)[]} */
  #labels = [];

  /** @param {Language} [language] */
  constructor(language = "en") {
    this.language = language;
  }

  get language() {
    return this.#language;
  }

  /** English where the words of the language are not there: see `loadLanguage`. */
  set language(wanted) {
    const language = isLoaded(wanted) ? wanted : "en";
    this.#language = language;
    this.#dictionary = LANGUAGES[language] ?? LANGUAGES.en;
    this.#plural = new Intl.PluralRules(language);
    this.#formats.clear();
    for (const label of this.#labels) label();
  }

  /** How the simulator's sentences about mistakes are said; none in English, which is its own. */
  get rules() {
    return this.#dictionary.rules;
  }

  /** How its notes on an imported file are said; none in English. */
  get notes() {
    return this.#dictionary.notes;
  }

  /**
   * A text. A place {count} chooses the plural form and is written as a number.
   * @param {Key} key
   * @param {Places} [places]
   */
  text(key, places = {}) {
    const message = this.#dictionary.messages[key];
    const form = typeof message === "string" ? message : (message[this.#form(places.count)] ?? message.other);
    return form.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = places[name];
      return typeof value === "number" ? this.integer(value) : (value ?? whole);
    });
  }

  /**
   * The text of a key made from a name the simulator uses; the name itself where there is no such key.
   * @param {string} prefix
   * @param {string} name
   */
  named(prefix, name) {
    return this.known(prefix, name, name.replaceAll("_", " "));
  }

  /**
   * The same for names that a configuration may have chosen: those stay as they are.
   * @param {string} prefix
   * @param {string} name
   * @param {string} [otherwise]
   */
  known(prefix, name, otherwise = name) {
    const key = `${prefix}.${name}`;
    return Object.hasOwn(en, key) ? this.text(/** @type {Key} */ (key)) : otherwise;
  }

  /**
   * All texts whose keys start with a prefix, by the rest of the key. Places in them stay as they are.
   * @param {string} prefix
   * @returns {Record<string, string>}
   */
  group(prefix) {
    const start = `${prefix}.`;
    const keys = /** @type {Key[]} */ (Object.keys(en)).filter((key) => key.startsWith(start));
    return Object.fromEntries(keys.map((key) => [key.slice(start.length), this.text(key)]));
  }

  /**
   * Gives a node a text that follows the language.
   * @template {Node} N
   * @param {N} node
   * @param {Key} key
   * @param {Places} [places]
   * @returns {N}
   */
  label(node, key, places) {
    return this.#keep(node, () => (node.textContent = this.text(key, places)));
  }

  /**
   * Gives an attribute a text that follows the language.
   * @template {Element} E
   * @param {E} element
   * @param {string} attribute
   * @param {Key} key
   * @param {Places} [places]
   * @returns {E}
   */
  attribute(element, attribute, key, places) {
    return this.#keep(element, () => element.setAttribute(attribute, this.text(key, places)));
  }

  /** Does something now, and again whenever the language changes. @param {() => void} label */
  follow(label) {
    this.#keep(undefined, label);
  }

  /** @param {number} value */
  integer(value) {
    return this.#format("integer", { maximumFractionDigits: 0 }).format(value);
  }

  /** A number that is given, with the digits it has. @param {number} value */
  number(value) {
    const size = Math.abs(value);
    // A row of zeros cannot be read.
    const extreme = size >= 1e12 || (size > 0 && size < 1e-6);
    if (extreme) return this.#format("scientific", { notation: "scientific", maximumFractionDigits: 3 }).format(value);
    return this.#format("number", { maximumFractionDigits: 6 }).format(value);
  }

  /**
   * @param {number | null | undefined} value
   * @param {number} [digits] after the decimal point
   */
  decimal(value, digits = 2) {
    if (!isNumber(value)) return NONE;
    return this.#format(`decimal${digits}`, fraction(digits)).format(value);
  }

  /** @param {number | null | undefined} share */
  percent(share) {
    if (!isNumber(share)) return NONE;
    return this.#format("percent", { style: "percent", ...fraction(1) }).format(share);
  }

  /**
   * A span of time: milliseconds below a second.
   * @param {number | null | undefined} seconds
   */
  span(seconds) {
    if (!isNumber(seconds)) return NONE;
    if (seconds >= 0.9995) return this.#measure(seconds, seconds >= 100 ? 0 : 2, "unit.s");
    const ms = seconds * 1000;
    return this.#measure(ms, ms >= 100 || ms === 0 ? 0 : ms >= 10 ? 1 : 2, "unit.ms");
  }

  /** A round span of time, on an axis. @param {number} seconds */
  tick(seconds) {
    const [value, unit] = seconds >= 1 ? [seconds, "unit.s"] : [seconds * 1000, "unit.ms"];
    return `${this.number(Number(value.toPrecision(6)))}\u00a0${this.text(/** @type {Key} */ (unit))}`;
  }

  /**
   * A moment of simulated time.
   * @param {number} seconds
   * @param {number} [digits]
   */
  moment(seconds, digits = 1) {
    return this.#measure(seconds, digits, "unit.s");
  }

  /** A number with a unit: not by Intl, whose English seconds are "sec". @param {number} value @param {number} digits @param {Key} unit */
  #measure(value, digits, unit) {
    return `${this.decimal(value, digits)}\u00a0${this.text(unit)}`;
  }

  /** @param {string | number | undefined} count */
  #form(count) {
    return /** @type {"one" | "few" | "many" | "other"} */ (this.#plural.select(Number(count ?? 0)));
  }

  /**
   * @param {string} name
   * @param {Intl.NumberFormatOptions} options
   */
  #format(name, options) {
    let format = this.#formats.get(name);
    if (!format) {
      format = new Intl.NumberFormat(this.#language, options);
      this.#formats.set(name, format);
    }
    return format;
  }

  /**
   * @template T
   * @param {T} node
   * @param {() => void} label
   */
  #keep(node, label) {
    label();
    this.#labels.push(label);
    return node;
  }
}

/** Stands where there is no figure. */
export const NONE = "–";

/** @param {unknown} value @returns {value is number} */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {number} digits */
function fraction(digits) {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}
