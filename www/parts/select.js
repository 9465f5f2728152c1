// A list to choose from whose choices come and go, and change their language.

import { h } from "./dom.js";

/** @typedef {{ value: string, text: string }} Choice */
/** @typedef {{ title: string, choices: Choice[] }} ChoiceGroup */

/**
 * Offers these; what was chosen stays, if it is among them.
 * @param {HTMLSelectElement} select
 * @param {(Choice | ChoiceGroup)[]} offered
 */
export function offer(select, offered) {
  const chosen = select.value;
  select.replaceChildren(...offered.map((one) => ("choices" in one ? group(one) : option(one))));
  const all = offered.flatMap((one) => ("choices" in one ? one.choices : [one]));
  select.value = all.some(({ value }) => value === chosen) ? chosen : (all[0]?.value ?? "");
}

/** @param {ChoiceGroup} group */
function group({ title, choices }) {
  return h("optgroup", { label: title }, ...choices.map(option));
}

/** @param {Choice} choice */
function option({ value, text }) {
  return h("option", { value }, text);
}
