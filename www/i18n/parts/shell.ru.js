/** Russian: what holds the parts of the laboratory together. */
export default {
  "tabs.label": "Виды",
  "tabs.skip": "Перейти к видам",
  "tab.charts": "Графики",
  "tab.components": "Компоненты",
  "tab.log": "События",
  "tab.report": "Отчёт",
  "tab.editor": "Конфигурация",

  "gallery.open": "Все сценарии",
  "gallery.title": "Сценарии",
  "control.duration": "Длительность, с",
  "timeline.label": "Шкала времени: стрелки переходят от события к событию, Enter открывает список событий",
  "timeline.more": { one: "и ещё {count}", few: "и ещё {count}", many: "и ещё {count}", other: "и ещё {count}" },
};
