/** Russian: the event log, beyond the names of events. */
export default {
  "log.kinds.single": "Один вид",
  "log.component.whole": "{name}: целиком",
  "log.empty.filter": "Таких событий здесь не было.",
  "log.part": "Только с {from} до {to}, как на графиках.",
  "log.part.all": "Показать всё время",
  "log.download": "Скачать (CSV)",
  "detail.config_change": "{path}: {before} → {after}",
  "detail.joined": "теперь реплика",
  "detail.ejected": "балансировщик считает его неработающим",
  "detail.readmitted": "балансировщик снова обращается к нему",
  "detail.breaker_opened": "предохранитель к {service} разомкнулся",
  "detail.breaker_closed": "предохранитель к {service} замкнулся",
  "detail.breaker_probes": "предохранитель к {service} пропускает пробные вызовы",
  "value.default": "по умолчанию",
};
