// Putting something new into a configuration. What it cannot do without comes with it: somebody to refer to where there is
// nobody yet, and the settings beside it without which it would have no effect. So that whatever is added runs as it is.

import { callable } from "../../run/steps.js";
import { freeCallees } from "./callees.js";
import { COMPONENTS } from "./layout.js";
import { mapAt, newName } from "./names.js";
import { valueAt, withValueAt } from "./path.js";
import { around, firstComponent, starter } from "./starters.js";

/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./schema.js").Shape} Shape */
/** @typedef {(typeof COMPONENTS)[number]} Kind of a component */

/** What something new is made with. @typedef {{ schema: Schema, texts: import("../../i18n/texts.js").Texts }} Means */

/** @param {unknown} value */
const isNothing = (value) => value === undefined || value === null;

/** @param {Kind} kind @returns {(config: unknown) => Kind[]} */
const some = (kind) => (config) => (Object.keys(mapAt(config, kind)).length === 0 ? [kind] : []);

/** @param {unknown} config @param {Path} path @returns {Kind[]} */
const callee = (config, path) => (freeCallees(config, String(path[1])).length === 0 ? ["services"] : []);

/** Kinds of components of which one is needed that is not there, by the type of what refers to it. @type {{ [type: string]: (config: unknown, path: Path) => Kind[] }} */
const REFERENTS = {
  UsersConfig: (config) => (callable(config).length === 0 ? ["services"] : []),
  CacheUse: some("caches"),
  DatabaseUse: some("db_clusters"),
  PublishUse: some("brokers"),
  CallConfig: callee,
  FaultConfig: (config) => (firstComponent(around(() => config)) === "" ? ["services"] : []),
};

/** @typedef {(config: unknown, path: Path, means: Means) => unknown} Addition */

/** A setting of the service in which something stands. @param {string} field @param {unknown} value @returns {Addition} */
function setting(field, value) {
  return (config, [section, name]) => {
    const path = [section, name, field];
    return isNothing(valueAt(config, path)) ? withValueAt(config, path, value) : config;
  };
}

/** A store that the service uses. @param {"cache" | "database"} field @returns {Addition} */
function store(field) {
  return (config, [section, name], means) => {
    const path = [section, name, field];
    const shape = means.schema.at(path);
    return shape && isNothing(valueAt(config, path)) ? withNew(means, config, path, shape) : config;
  };
}

const workers = setting("workers", 8);

/** What a message is published to is a queue or an exchange, not both. @param {"queue" | "exchange"} other @returns {Addition} */
const instead = (other) => (config, path) => withValueAt(config, [...path.slice(0, -1), other], undefined);

/** A setting beside something. @param {string} field @param {unknown} value @returns {Addition} */
const beside = (field, value) => (config, path) => {
  const place = [...path.slice(0, -1), field];
  return isNothing(valueAt(config, place)) ? withValueAt(config, place, value) : config;
};

/** What has to stand beside something, by its id. @type {{ [id: string]: Addition }} */
const BESIDE = {
  "ServiceConfig.codel": workers,
  "ServiceConfig.longest_wait": workers,
  "ServiceConfig.holds": (config, path, means) => (valueAt(config, path) === "request" ? workers(config, path, means) : config),
  "DbClusterConfig.longest_wait": setting("connections", 10),
  "DbClusterConfig.read_your_writes": setting("replica_read_share", 0.5),
  "ServiceConfig.balancer_queue": setting("max_conns", 10),
  // What is not in the cache has to be read somewhere.
  "ServiceConfig.cache": store("database"),
  "StepConfig.look_up": store("cache"),
  "StepConfig.read": store("database"),
  "StepConfig.write": store("database"),
  "ServiceConfig.requires_auth": (config, _, means) => {
    const shape = means.schema.field(means.schema.root, "auth");
    return isNothing(valueAt(config, ["auth"])) ? withNew(means, config, ["auth"], shape) : config;
  },
  "ChecksConfig.on_error": beside("observe", "layer7"),
  "ChecksConfig.error_limit": beside("observe", "layer7"),
  "PublishUse.exchange": instead("queue"),
  "PublishUse.queue": instead("exchange"),
  // Only a cache that knows its keys knows which of them is written.
  "CacheUse.writes": (config, path, means) => {
    const cache = ["caches", String(valueAt(config, [...path.slice(0, -1), "name"]))];
    const keyed = [...cache, "keyed"];
    const shape = means.schema.at(keyed);
    const isThere = !isNothing(valueAt(config, cache));
    return shape && isThere && isNothing(valueAt(config, keyed)) ? withNew(means, config, keyed, shape) : config;
  },
  // Its keys say what is found.
  "CacheConfig.keyed": (config, path) => withValueAt(config, [...path.slice(0, -1), "hit_prob"], undefined),
};

/**
 * A configuration with something new at a place.
 * @param {Means} means @param {unknown} config @param {Path} path @param {Shape} shape
 * @param {(value: unknown) => unknown} [wrap] what is put there, made of the new value
 * @returns {unknown}
 */
export function withNew(means, config, path, shape, wrap = (value) => value) {
  const lacking = REFERENTS[shape.type]?.(config, path) ?? [];
  const before = lacking.reduce((/** @type {unknown} */ all, kind) => withComponent(means, all, kind), config);
  const value = starter(shape, around(() => before), path);
  return withChosen(means, before, path, shape, wrap(value));
}

/** A configuration with a value that was chosen. @param {Means} means @param {unknown} config @param {Path} path @param {Shape} shape @param {unknown} value @returns {unknown} */
export function withChosen(means, config, path, shape, value) {
  const changed = withValueAt(config, path, value);
  return isNothing(value) ? changed : (BESIDE[shape.id]?.(changed, path, means) ?? changed);
}

/** @param {Means} means @param {unknown} config @param {Kind} kind */
function withComponent(means, config, kind) {
  const { schema, texts } = means;
  const path = [kind, newName(config, kind, texts.named("editor.new", kind))];
  return withNew(means, config, path, schema.inner(schema.field(schema.root, kind)));
}
