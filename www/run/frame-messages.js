// Lets the page around a frame drive the element in it, by messages. The protocol is in elements/README.md.

import { isObject } from "./json.js";

/** @typedef {import("../elements/web-service-model.js").WebServiceModel} WebServiceModel */

/** Marks the messages that are meant for us and those that we send. */
export const TYPE = "web-service-model";

/** What the element tells, and the frame passes on. */
const EVENTS = /** @type {const} */ (["ready", "progress", "finished", "error", "configchange"]);

/** How many characters of a name that means nothing are told back. */
const LONGEST_CITED = 100;

/** A message that cannot be understood; the same kind of error as the simulator's. */
class MessageError extends Error {
  code = "bad_message";
}

/**
 * What each command does with the values beside it; what it returns is the answer.
 * @type {Record<string, (model: WebServiceModel, values: Values) => unknown>}
 */
const COMMANDS = {
  play: (model) => model.play(),
  pause: (model) => model.pause(),
  reset: (model) => model.reset(),
  load: (model, values) => model.load(/** @type {any} */ (values.object("config"))),
  patch: (model, values) => model.patch(/** @type {any} */ (values.object("patch"))),
  crash: (model, values) => model.crash(values.text("component"), values.optional("seconds", (name) => values.number(name))),
  recover: (model, values) => model.recover(values.text("component")),
  promote: (model, values) => model.promote(values.text("component")),
  select: (model, values) => model.select(values.optional("component", (name) => values.text(name))),
  speed: (model, values) => void (model.speed = values.speed("speed")),
  seed: (model, values) => void (model.seed = values.seed("seed")),
  view: (model, values) => model.setAttribute("view", values.text("view")),
  report: (model) => model.simulation?.report(),
  config: (model) => model.config,
  state: (model) => ({ state: model.state, now: model.simulation?.now, seed: model.seed, speed: model.speed }),
  permalink: (model) => model.permalink(),
};

/** The values of a message, each of the type that the command wants. */
class Values {
  #message;

  /** @param {{ [name: string]: unknown }} message */
  constructor(message) {
    this.#message = message;
  }

  /** @param {string} name */
  object(name) {
    const value = this.#message[name];
    if (!isObject(value)) throw new MessageError(`"${name}" is not an object`);
    return value;
  }

  /** @param {string} name */
  text(name) {
    const value = this.#message[name];
    if (typeof value !== "string") throw new MessageError(`"${name}" is not a string`);
    return value;
  }

  /** @param {string} name */
  number(name) {
    const value = this.#message[name];
    if (typeof value !== "number" || Number.isNaN(value)) throw new MessageError(`"${name}" is not a number`);
    return value;
  }

  /** @param {string} name */
  seed(name) {
    const value = this.number(name);
    if (!Number.isSafeInteger(value) || value < 0) throw new MessageError(`"${name}" is not an integer of 0 or more`);
    return value;
  }

  /** A number, or "max". @param {string} name */
  speed(name) {
    if (this.#message[name] === "max") return Infinity;
    const value = this.number(name);
    if (value <= 0) throw new MessageError(`"${name}" is not greater than 0`);
    return value;
  }

  /** @template T @param {string} name @param {(name: string) => T} read */
  optional(name, read) {
    return this.#message[name] === undefined || this.#message[name] === null ? undefined : read(name);
  }
}

/** One frame's conversation with the page around it. */
export class FrameMessages {
  #model;
  #send;
  #ready;

  /**
   * @param {WebServiceModel} model
   * @param {(message: object) => void} send to the page around
   */
  constructor(model, send) {
    this.#model = model;
    this.#send = send;
    // A command that comes early waits until there is something to command, or until it is clear that there is not.
    this.#ready = model.simulation ? Promise.resolve() : new Promise((done) => {
      model.addEventListener("ready", () => done(undefined), { once: true });
      model.addEventListener("error", () => done(undefined), { once: true });
    });
    for (const name of EVENTS) {
      model.addEventListener(name, (event) => send({ type: TYPE, event: name, detail: /** @type {CustomEvent} */ (event).detail }));
    }
  }

  /** @param {unknown} message of the page around; whatever is not meant for us is let be */
  async receive(message) {
    if (!isObject(message) || message.type !== TYPE || !("command" in message)) return;
    const { id, command } = message;
    await this.#ready;
    try {
      this.#answer({ type: TYPE, id, command, answer: await this.#obey(message) });
    } catch (problem) {
      const { code = "failed", message: text = String(problem), errors = [] } = /** @type {any} */ (problem);
      this.#answer({ type: TYPE, id, command, error: { code, message: text, errors } });
    }
  }

  /** @param {{ type: string, id: unknown, command: unknown, answer?: unknown, error?: object }} message */
  #answer(message) {
    try {
      this.#send(message);
    } catch {
      // What was handed over to us, such as a port, cannot be handed back; the rest of the answer can.
      const text = typeof message.command === "string" ? message.command : undefined;
      this.#send({ ...message, id: undefined, command: text });
    }
  }

  /** @param {{ [name: string]: unknown }} message */
  #obey(message) {
    const name = message.command;
    if (typeof name !== "string") throw new MessageError('"command" is not a string');
    if (!Object.hasOwn(COMMANDS, name)) {
      const cited = JSON.stringify(name.slice(0, LONGEST_CITED));
      throw new MessageError(`there is no command ${cited}; there are ${Object.keys(COMMANDS).join(", ")}`);
    }
    return COMMANDS[name](this.#model, new Values(message));
  }
}

/**
 * Listens to the page around this frame, if it is one. Messages are taken from that page only, whatever its origin:
 * who may put the site into a frame is for the site's server to say (frame-ancestors).
 * @param {WebServiceModel} model
 */
export function obeyParent(model) {
  if (parent === window) return;
  const messages = new FrameMessages(model, (message) => parent.postMessage(message, "*"));
  addEventListener("message", ({ source, data }) => {
    if (source === parent) void messages.receive(data);
  });
}
