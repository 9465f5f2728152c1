/** English: the event log, beyond the names of events. */
export default {
  "log.kinds.single": "One kind",
  "log.component.whole": "{name}: all of it",
  "log.empty.filter": "Nothing of this kind has happened here.",
  "log.part": "Only from {from} to {to}, as the charts show.",
  "log.part.all": "Show all time",
  "log.download": "Download (CSV)",
  "detail.config_change": "{path}: {before} → {after}",
  "detail.joined": "is a replica now",
  "detail.ejected": "the balancer takes it to be down",
  "detail.readmitted": "the balancer asks it again",
  "detail.breaker_opened": "the breaker to {service} has opened",
  "detail.breaker_closed": "the breaker to {service} has closed",
  "detail.breaker_probes": "the breaker to {service} lets probes through",
  "value.default": "default",
};
