// A module of the simulator, loaded once for all elements of a page.

/** @template T what the module exports */
export class WasmModule {
  #address;
  #compiled;
  /** @type {Promise<T> | undefined} */
  #loading;
  #generation = 0;

  /** @param {URL} address of its script @param {() => Promise<WebAssembly.Module>} [compiled] its code, if somebody else needs it, too */
  constructor(address, compiled) {
    this.#address = address;
    this.#compiled = compiled;
  }

  /** The module. Several calls share one copy of it. @returns {Promise<T>} */
  load() {
    this.#loading ??= this.#start().catch((problem) => {
      // The next call tries again: the network may be back then.
      this.discard();
      throw problem;
    });
    return this.#loading;
  }

  /** Forgets a copy that has crashed: its memory is not to be trusted, and the next call loads a new one. */
  discard() {
    this.#loading = undefined;
    this.#generation += 1;
  }

  async #start() {
    // Another address is another module to the browser, with a memory of its own.
    const address = new URL(this.#address);
    if (this.#generation > 0) address.searchParams.set("copy", String(this.#generation));
    const [module, code] = await Promise.all([import(address.href), this.#compiled?.()]);
    await module.default(code && { module_or_path: code });
    return /** @type {T} */ (module);
  }
}
