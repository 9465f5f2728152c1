// Why a request failed, in words: each reason is explained by the next, the last is the root.

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {import("../../web-service-model.js").CauseLink} CauseLink */
/** @typedef {import("../../web-service-model.js").RequestTrace} RequestTrace */

/** Causes that can be where no component is. */
const NOWHERE = ["instance_down", "network", "timeout"];

/** Causes for which the last attempt got nowhere: no visit tells of it. */
const REFUSALS = ["breaker_open", "limited", "bulkhead_full"];

/** From the request's failure down to its root. @param {RequestTrace} trace @returns {CauseLink[]} */
export function causesOf({ causes, cause, service, ended }) {
  return REFUSALS.includes(cause) ? [{ service, component: "", cause, time: ended }] : causes;
}

/**
 * @param {CauseLink[]} causes from the request's failure down to its root
 * @param {Texts} texts
 */
export function reasons(causes, texts) {
  return causes.map((link, at) => {
    const isLast = at === causes.length - 1;
    const { service, component, time } = link;
    // Who did not get anywhere failed at the service as such.
    const reason = texts.text(key(link, isLast), { service, component: component || service });
    return { text: texts.text(isLast ? "why.end" : "why.and", { reason }), time };
  });
}

/** @param {CauseLink} link @param {boolean} isLast @returns {Key} */
function key({ cause, component }, isLast) {
  const plain = /** @type {Key} */ (`why.${cause}`);
  if (cause === "timeout" && !isLast) return "why.timeout.call";
  return NOWHERE.includes(cause) && component === "" ? /** @type {Key} */ (`${plain}.nowhere`) : plain;
}
