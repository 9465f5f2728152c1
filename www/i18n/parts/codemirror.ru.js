// Слова текстового редактора CodeMirror, по его же английским (EditorState.phrases).

export default {
  // Поиск.
  "Find": "Найти",
  "Replace": "Заменить на",
  "next": "дальше",
  "previous": "назад",
  "all": "все",
  "match case": "с учётом регистра",
  "regexp": "рег. выражение",
  "by word": "слово целиком",
  "replace": "заменить",
  "replace all": "заменить все",
  "close": "закрыть",
  "current match": "текущее совпадение",
  "on line": "в строке",
  "replaced match on line $": "заменено совпадение в строке $",
  "replaced $ matches": "заменено совпадений: $",
  "Go to line": "Перейти к строке",
  "go": "перейти",
  // Подсказки и ошибки.
  "Completions": "Варианты",
  "Diagnostics": "Ошибки",
  "No diagnostics": "Ошибок нет",
  // Сворачивание.
  "Folded lines": "Свёрнуты строки",
  "Unfolded lines": "Развёрнуты строки",
  "to": "до",
  "folded code": "свёрнутый текст",
  "unfold": "развернуть",
  "Fold line": "Свернуть",
  "Unfold line": "Развернуть",
  // Прочее.
  "Selection deleted": "Выделенное удалено",
  "Control character": "Управляющий символ",
};
