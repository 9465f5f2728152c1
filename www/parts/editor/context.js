// What every field of the form can ask of the editor.

/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */
/** @typedef {import("../../web-service-model.js").ConfigError} ConfigError */

/** What is to be said of a place: a mistake, or a warning, with which it runs all the same. @typedef {ConfigError & { isWarning?: boolean }} Finding */

/**
 * @typedef {object} Context
 * @property {import("./schema.js").Schema} schema
 * @property {import("./words.js").Words} words
 * @property {import("../../i18n/texts.js").Texts} texts
 * @property {() => unknown} config as it is being edited
 * @property {(path: Path, value: unknown) => void} change puts a value there; undefined takes it away
 * @property {(path: Path, shape: Shape, wrap?: (value: unknown) => unknown) => void} add puts something new there, and what it cannot do without
 * @property {(path: Path, shape: Shape, value: unknown) => void} choose puts a value there that was chosen, and what it cannot do without
 * @property {(path: Path, to: string) => void} rename what the path's last key names
 * @property {(path: Path, by: -1 | 1) => Path} move something up or down among its kind; tells where it is now
 * @property {() => string} id a new one for an element
 */

/**
 * A part of the form, for one place of the configuration. `update` shows what stands there now; it leaves alone what
 * shows it already, so that nobody's typing is disturbed.
 * @typedef {object} Field
 * @property {HTMLElement} element carries `data-path`
 * @property {(value: unknown) => void} update
 * @property {(findings: Finding[]) => void} showFindings mistakes and warnings at this very place
 * @property {() => void} focus
 */

/** The field of each element with a `data-path`. @type {WeakMap<Element, Field>} */
export const fieldOf = new WeakMap();

export {};
