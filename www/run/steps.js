// The steps of endpoints, and whom calls and targets name. Pure, and of anything that may stand in a draft.

import { isObject, listIn } from "./json.js";

/** @typedef {(string | number)[]} Path */

/**
 * A step and where it stands.
 * @typedef {object} Step
 * @property {string} kind
 * @property {unknown} content
 * @property {Path} path of the content
 * @property {number} share of the requests that come there, as far as the configuration says: what a cache lacks it does not
 */

/** @param {unknown} value @param {string} key */
const field = (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** All steps of a list, those within steps included. @param {unknown} steps @param {Path} [path] of the list @param {number} [share] @returns {Step[]} */
export function stepsOf(steps, path = [], share = 1) {
  return listIn(steps).flatMap((step, index) =>
    Object.entries(isObject(step) ? step : {}).flatMap(([kind, content]) => {
      const here = [...path, index, kind];
      return [{ kind, content, path: here, share }, ...within(kind, content, here, share)];
    }));
}

/** @param {string} kind @param {unknown} content @param {Path} path @param {number} share @returns {Step[]} */
function within(kind, content, path, share) {
  if (kind === "look_up") return stepsOf(field(content, "miss"), [...path, "miss"], share);
  if (kind === "maybe") return stepsOf(field(content, "steps"), [...path, "steps"], share * Number(field(content, "prob") ?? 1));
  if (kind !== "branches") return [];
  return listIn(field(content, "of")).flatMap((steps, index) => stepsOf(steps, [...path, "of", index], share));
}

/** The endpoints of a service, by name. @param {unknown} service @returns {[string, unknown][]} */
export function endpointsOf(service) {
  const endpoints = field(service, "endpoints");
  return isObject(endpoints) ? Object.entries(endpoints) : [];
}

/**
 * Whom a name means: a service, or an endpoint of one (`Service.endpoint`). Names may contain dots.
 * @param {unknown} config @param {string} name @returns {{ service: string, endpoint?: string } | undefined}
 */
export function calleeOf(config, name) {
  const services = field(config, "services");
  if (field(services, name) !== undefined) return { service: name };
  for (let at = name.indexOf("."); at >= 0; at = name.indexOf(".", at + 1)) {
    const [service, endpoint] = [name.slice(0, at), name.slice(at + 1)];
    if (endpointsOf(field(services, service)).some(([one]) => one === endpoint)) return { service, endpoint };
  }
  return undefined;
}

/** Everybody who can be called or be the users' target, by name. @param {unknown} config @returns {string[]} */
export function callable(config) {
  const services = field(config, "services");
  return Object.entries(isObject(services) ? services : {}).flatMap(([name, service]) => {
    const endpoints = endpointsOf(service).map(([endpoint]) => `${name}.${endpoint}`);
    const isPlain = ["service_time", "base_latency"].some((key) => (field(service, key) ?? null) !== null);
    return endpoints.length > 0 && !isPlain ? endpoints : [name, ...endpoints];
  });
}
