// Which queues a message gets to that is published to an exchange: the simulator's rules once more, for the picture.

/** @typedef {import("../web-service-model.js").ExchangeConfig} ExchangeConfig */

/**
 * Names of the queues. An exchange that leads nowhere hands on to its alternate, unless that has had its turn.
 * @param {Record<string, ExchangeConfig>} exchanges of the broker @param {string | undefined} name @param {string} key
 * @returns {string[]}
 */
export function routed(exchanges, name, key) {
  const seen = new Set();
  for (let next = name; next !== undefined && !seen.has(next); next = exchanges[next]?.alternate) {
    seen.add(next);
    const { type = "direct", bindings = [] } = exchanges[next] ?? {};
    const bound = bindings.filter(({ routing_key: pattern = "" }) => fits(type, pattern, key));
    if (bound.length > 0) return [...new Set(bound.map(({ queue }) => queue))];
  }
  return [];
}

/** @param {NonNullable<ExchangeConfig["type"]>} type @param {string} pattern @param {string} key */
function fits(type, pattern, key) {
  if (type === "fanout") return true;
  return type === "topic" ? matches(pattern.split("."), key.split(".")) : pattern === key;
}

/** Whether words are of the form that a topic's binding asks for. @param {string[]} pattern @param {string[]} words */
function matches(pattern, words) {
  // Whether the pattern up to here fits the first so many words, for each number of them.
  let fits = [true, ...words.map(() => false)];
  for (const part of pattern) {
    /** @type {boolean[]} */
    const next = [];
    fits.forEach((fit, count) => {
      const one = count > 0 && fits[count - 1] && (part === "*" || part === words[count - 1]);
      next.push(part === "#" ? fit || (count > 0 && next[count - 1]) : one);
    });
    fits = next;
  }
  return fits[words.length];
}
