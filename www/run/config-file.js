// Configuration files that the reader opens, drops or keeps.

import { parseJson } from "./json.js";
import { MAX_CONFIG_BYTES, ReadError } from "./limits.js";

/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").ConfigError} ConfigError */

/**
 * The configuration in the one file that was given. Throws a `ReadError`; whether the configuration is a good one is
 * for the simulator to say, who is asked about the text: keys that stand twice are lost once it has been read.
 * @param {File[]} files
 * @param {(text: string) => ConfigError[]} [check]
 * @returns {Promise<Config>}
 */
export async function readConfigFile(files, check = () => []) {
  if (files.length !== 1) throw new ReadError("file.count", `${files.length} files, where one is wanted`);
  const [file] = files;
  if (!isJson(file)) throw new ReadError("file.type", `${file.name} is not a JSON file`);
  if (file.size > MAX_CONFIG_BYTES) {
    throw new ReadError("file.too_large", `${file.name} has ${file.size} bytes, of ${MAX_CONFIG_BYTES} allowed`);
  }
  const text = await file.text().catch((problem) => {
    // A folder, or a file that is gone by now.
    throw new ReadError("file.unreadable", String(problem?.message ?? problem));
  });
  const config = parsed(text);
  const errors = check(text);
  if (errors.length > 0) throw new ReadError("file.config", `${file.name} has mistakes`, errors);
  return config;
}

/** @param {string} text @returns {Config} */
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

/** The text of a file to keep. @param {Config} config */
export function configText(config) {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** A name for a file that every system takes. @param {string | undefined} name */
export function fileName(name) {
  return (name ?? "").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|-+$/g, "").slice(0, 60) || "configuration";
}
