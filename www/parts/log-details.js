// What the event log says of an event, in other languages than the simulator's English.

/** @typedef {import("../i18n/texts.js").Texts} Texts */

/**
 * The simulator's sentences, and the same ones by key; named parts become places.
 * @type {[RegExp, import("../i18n/texts.js").Key][]}
 */
const SENTENCES = [
  [/^down: (?<because>\w+)$/, "detail.down"],
  [/^up$/, "detail.up"],
  [/^times are multiplied by (?<factor>.+)$/, "detail.slow"],
  [/^fails with a probability of (?<prob>.+)$/, "detail.failing"],
  [/^fails no more$/, "detail.failing_no_more"],
  [/^between (?<one>.+) and (?<other>.+)$/, "detail.between"],
  [/^a write found the primary dead$/, "detail.by_write"],
  [/^the monitor found the primary dead$/, "detail.by_monitor"],
  [/^no replica is up to take over$/, "detail.no_candidate"],
  [/^the primary does not answer$/, "detail.suspicion"],
  [/^the primary is back, nobody replaces it$/, "detail.called_off"],
  [/^is told that it is not the primary any more$/, "detail.demotion"],
  [/^cannot renew its lease, and refuses writes$/, "detail.stepped_down"],
  [/^rewinds what the new primary lacks$/, "detail.rewinding"],
  [/^has come back without what it had not written to disk, (?<count>\d+) writes lost$/, "detail.came_back_short"],
  [/^has come back empty, (?<count>\d+) writes lost$/, "detail.forgot"],
  [/^is the primary now, (?<count>\d+) writes lost$/, "detail.promotion"],
  [/^applied (?<lag>[\d.]+) s after its commit, (?<count>\d+) writes behind$/, "detail.replicated_write"],
  [/^catches up on (?<count>\d+) writes$/, "detail.resync_started"],
  [/^has caught up$/, "detail.resync_done"],
  [/^is a replica again$/, "detail.rejoin"],
  [/^is a replica again as soon as it is up$/, "detail.rejoin_down"],
  [/^is a replica now$/, "detail.joined"],
  [/^the breaker to (?<service>.+) has opened$/s, "detail.breaker_opened"],
  [/^the breaker to (?<service>.+) has closed$/s, "detail.breaker_closed"],
  [/^the balancer takes it to be down$/, "detail.ejected"],
  [/^the balancer asks it again$/, "detail.readmitted"],
  [/^the breaker to (?<service>.+) lets probes through$/s, "detail.breaker_probes"],
  [/^starts up$/, "detail.starts_up"],
  [/^takes requests$/, "detail.ready"],
  [/^gets no more requests, and has to go$/, "detail.draining"],
  [/^has gone$/, "detail.gone"],
  [/^(?<to>\d+) instances are wanted, instead of (?<from>\d+)$/, "detail.scaled"],
  [/^release (?<release>\d+) begins to take over$/, "detail.deployment"],
  [/^all instances are of release (?<release>\d+)$/, "detail.deployed"],
  [/^too many requests fail: back to release (?<release>\d+)$/, "detail.rolled_back"],
  [/^(?<count>\d+) messages go back into (?<queue>.+) at (?<broker>.+)$/s, "detail.redelivery"],
  [/^leads (?<queue>.+) at (?<broker>.+) now$/s, "detail.election"],
  [/^statistics start anew$/, "detail.warm_up_end"],
  // Last: names and values of a configuration may look like anything.
  [/^(?<path>.+?): (?<before>.+) → (?<after>.+)$/s, "detail.config_change"],
];

/**
 * A sentence of the log in the language of the moment; undefined if it cannot be told in it.
 * @param {string} sentence
 * @param {Texts} texts
 */
export function logDetail(sentence, texts) {
  // Where the simulator has forgotten the particulars, there is nothing to say in any language.
  if (sentence === "") return "";
  for (const [pattern, key] of SENTENCES) {
    const match = pattern.exec(sentence);
    if (match) return texts.text(key, places(match.groups ?? {}, texts));
  }
  return undefined;
}

/** @param {{ [name: string]: string }} groups @param {Texts} texts */
function places(groups, texts) {
  /** @type {{ [name: string]: string | number }} */
  const places = { ...groups };
  if (groups.count) places.count = Number(groups.count);
  if (groups.because) places.because = texts.named("because", groups.because);
  if (groups.factor) places.factor = texts.number(Number(groups.factor));
  if (groups.lag) places.lag = texts.span(Number(groups.lag));
  for (const side of ["one", "other"]) {
    if (groups[side]) places[side] = texts.known("side", groups[side]);
  }
  for (const side of ["before", "after"]) {
    // A value is JSON: only the word for a value that is not given has no quotation marks.
    if (groups[side]) places[side] = texts.known("value", groups[side]);
  }
  return places;
}
