/**
 * What every function of the simulator throws.
 *
 * `code` is for programs, `message` for people. `errors` lists what is wrong in a configuration, each with its
 * `path`, the value `found` there and the `rule` it breaks; it is empty when the trouble is not in a configuration.
 */
export class WebServiceModelError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ path: string, found: string | null, rule: string }[]} errors
   */
  constructor(code, message, errors) {
    super(message);
    this.name = "WebServiceModelError";
    this.code = code;
    this.errors = errors;
  }

  /** The places in the configuration that are wrong. */
  get paths() {
    return this.errors.map((error) => error.path);
  }
}
