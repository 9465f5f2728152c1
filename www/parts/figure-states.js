// How a figure is doing: well, strained or failing. Pure.
//
// The limits are those that users and operators go by, and the same in every system, so that two runs can be compared: half
// of the load served, and a success in ten that is missing, are failures whoever runs the system; a second is how long a
// thought is held, and ten how long attention lasts (Nielsen, "Usability Engineering", 1993, after Miller, 1968).

/** @typedef {import("../web-service-model.js").Recent} Recent */
/** @typedef {"none" | "well" | "strained" | "failing"} State */

/** Figures are of so many of the last seconds. */
export const LIVE_SECONDS = 5;

const GOODPUT = { strained: 0.95, failing: 0.5 };
const RESPONSE = { strained: 1, failing: 10 };
const SUCCESS = { strained: 0.99, failing: 0.9 };
const AMPLIFICATION = { strained: 1.1, failing: 2 };
/** How many of the requests of a few seconds may be missing by chance, since they began late: the root of their number. */
const CHANCE = 1;

/** How much of the load that is offered is served. @param {Recent} recent @returns {State} */
export function goodputState({ seconds, offered, goodput }) {
  const requests = offered * seconds;
  if (requests === 0) return "none";
  const lacking = requests - goodput * seconds;
  if (lacking <= CHANCE * Math.sqrt(requests)) return "well";
  return graded(goodput / offered, GOODPUT);
}

/** How long nearly all have waited. @param {Recent} recent @returns {State} */
export function responseState({ response_p99: p99 }) {
  return p99 === null ? "none" : graded(-p99, { strained: -RESPONSE.strained, failing: -RESPONSE.failing });
}

/** How many of those that ended have succeeded. @param {Recent} recent @returns {State} */
export function successState({ success_ratio: share }) {
  return share === null ? "none" : graded(share, SUCCESS);
}

/** How much retries add to the load. @param {Recent} recent @returns {State} */
export function amplificationState({ amplification }) {
  return amplification === null ? "none" : graded(-amplification, { strained: -AMPLIFICATION.strained, failing: -AMPLIFICATION.failing });
}

/** The more the better. @param {number} value @param {{ strained: number, failing: number }} limits @returns {State} */
function graded(value, { strained, failing }) {
  return value >= strained ? "well" : value >= failing ? "strained" : "failing";
}
