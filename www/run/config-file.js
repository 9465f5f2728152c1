// Configuration files that the reader opens, drops or keeps.

import { parseJson } from "./json.js";
import { MAX_CONFIG_BYTES, ReadError } from "./limits.js";

/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").ConfigError} ConfigError */
/** @typedef {import("../web-service-model.js").Imported} Imported */

/**
 * What the simulator says of texts.
 * @typedef {object} Reader
 * @property {(text: string) => ConfigError[]} check what is wrong with a configuration
 * @property {(text: string, name: string) => Imported} importConfig what a file of another program is here
 */

/** What a file holds. @typedef {{ config: Config, imported?: Imported }} Content `imported` if another program wrote it */

/** Lists of which one is in RabbitMQ's definitions; configurations have no such lists. */
const DEFINITIONS = ["queues", "exchanges", "bindings"];

/**
 * The configuration in the one file that was given. Throws a `ReadError`; whether the configuration is a good one is
 * for the simulator to say, who is asked about the text: keys that stand twice are lost once it has been read.
 * @param {File[]} files
 * @param {Reader} reader
 * @returns {Promise<Content>}
 */
export async function readConfigFile(files, { check, importConfig }) {
  if (files.length !== 1) throw new ReadError("file.count", `${files.length} files, where one is wanted`);
  const [file] = files;
  if (!isJson(file) && !isOfAnother(file)) throw new ReadError("file.type", `${file.name} is not a configuration`);
  if (file.size > MAX_CONFIG_BYTES) {
    throw new ReadError("file.too_large", `${file.name} has ${file.size} bytes, of ${MAX_CONFIG_BYTES} allowed`);
  }
  const text = await file.text().catch((problem) => {
    // A folder, or a file that is gone by now.
    throw new ReadError("file.unreadable", String(problem?.message ?? problem));
  });
  if (!isJson(file)) return imported(file, importConfig(text, file.name));
  const config = parsed(text);
  if (DEFINITIONS.some((name) => Array.isArray(config?.[name]))) return imported(file, importConfig(text, file.name));
  const errors = check(text);
  if (errors.length > 0) throw new ReadError("file.config", `${file.name} has mistakes`, errors);
  return { config };
}

/** @param {File} file @param {Imported} found @returns {Content} */
function imported(file, found) {
  if (!found.config) throw new ReadError("file.nothing", `${file.name} was read as ${found.product}'s, and there was nothing in it`);
  return { config: found.config, imported: found };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return parseJson(text);
  } catch (problem) {
    throw new ReadError("file.not_json", /** @type {Error} */ (problem).message);
  }
}

/** @param {File} file */
function isJson({ name, type }) {
  return type === "application/json" || /\.json$/i.test(name);
}

/** Whether a file may be one of another program. @param {File} file */
function isOfAnother({ name }) {
  return /\.(conf|cfg|ya?ml)$/i.test(name);
}

/** The text of a file to keep. @param {Config} config */
export function configText(config) {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** A name for a file that every system takes. @param {string | undefined} name */
export function fileName(name) {
  return (name ?? "").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|-+$/g, "").slice(0, 60) || "configuration";
}
