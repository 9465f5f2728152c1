/** Russian: what holds the parts of the laboratory together. */
export default {
  "welcome.title": "Вы здесь впервые?",
  "welcome.text": "Это модель веб-системы. Запустите её, щёлкните по любому блоку, чтобы посмотреть его показатели, сломать его или изменить, и следите за графиками. Другие сценарии — в списке ниже.",
  "welcome.lesson": "Начать с короткого урока",
  "welcome.close": "Понятно",

  "tabs.label": "Виды",
  "tabs.skip": "Перейти к видам",
  "tab.charts": "Графики",
  "tab.components": "Компоненты",
  "tab.log": "События",
  "tab.report": "Отчёт",
  "tab.editor": "Конфигурация",

  "scenario.more": "Читать дальше",
  "scenario.less": "Свернуть",
  "gallery.open": "Все сценарии",
  "gallery.title": "Сценарии",
  "control.duration": "Длительность, с",
  "timeline.label": "Шкала времени: стрелки переходят от события к событию, Enter открывает список событий",
  "timeline.more": { one: "и ещё {count}", few: "и ещё {count}", many: "и ещё {count}", other: "и ещё {count}" },
};
