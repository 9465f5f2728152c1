// The text of the JSON: CodeMirror with what it needs to know of the configuration. It keeps no history of its own: the
// editor has one for the form and the text.

import {
  Annotation,
  autocompletion,
  bracketMatching,
  classHighlighter,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  codeFolding,
  Compartment,
  completionKeymap,
  defaultKeymap,
  EditorState,
  EditorView,
  foldGutter,
  foldKeymap,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSelectionMatches,
  hoverTooltip,
  indentOnInput,
  json,
  jsonLanguage,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  search,
  searchKeymap,
  setDiagnostics,
  syntaxHighlighting,
  Text,
} from "../../../vendor/codemirror.js";
import russian from "../../../i18n/parts/codemirror.ru.js";
import { completions } from "./completion.js";
import { breakMarks, findingMarks } from "./marks.js";
import { meaningBox, meaningOf } from "./meanings.js";
import { startOf, wordAt } from "./places.js";

/** @typedef {import("@codemirror/lint").Diagnostic} Diagnostic */
/** @typedef {import("../context.js").Finding} Finding */
/** @typedef {import("../path.js").Path} Path */
/** @typedef {import("./meanings.js").Knowledge} Knowledge */

/**
 * `typed` hears of every change that somebody makes in the text; `undo` and `redo` are asked for in it.
 * @typedef {{ typed: (text: Text) => void, undo: () => void, redo: () => void }} TextActions
 */

/** Marks changes that the editor makes, which nobody has typed. */
const shown = Annotation.define();

/** What is brought into view stands this far below the edge, in pixels. */
const MARGIN = 40;

export class JsonText {
  #knowledge;
  #actions;
  #view;
  #language = new Compartment();
  /** @type {Diagnostic[]} */
  #marks = [];

  /**
   * @param {Knowledge} knowledge @param {TextActions} actions
   * @param {HTMLElement} place whose root gets the styles: a style element in the page is what a strict policy refuses
   * @param {{ [name: string]: string }} attributes of the text for screen readers
   */
  constructor(knowledge, actions, place, attributes) {
    this.#knowledge = knowledge;
    this.#actions = actions;
    this.#view = new EditorView({
      parent: place,
      root: /** @type {ShadowRoot} */ (place.getRootNode()),
      extensions: [...this.#looks(), ...this.#helps(), ...this.#keys(), this.#attributes(attributes), this.#language.of(this.#phrases())],
    });
  }

  /** What stands there now. */
  get text() {
    return this.#view.state.doc;
  }

  /** Writes another text, as a change of what differs: whoever reads elsewhere in it is not disturbed. @param {string | Text} text */
  write(text) {
    const { doc } = this.#view.state;
    const wanted = typeof text === "string" ? Text.of(text.split("\n")) : text;
    if (doc.eq(wanted)) return;
    const changes = difference(doc.toString(), wanted.toString());
    const end = changes.from + changes.insert.length;
    // Whoever writes here goes on where it changed.
    const selection = this.#view.hasFocus ? { selection: { anchor: end }, scrollIntoView: true } : {};
    this.#view.dispatch({ changes, annotations: shown.of(true), ...selection });
  }

  /** @param {Finding[]} findings */
  showFindings(findings) {
    this.#mark(findingMarks(this.#view.state, findings, this.#knowledge.texts));
  }

  /** @param {string} message */
  showBreak(message) {
    this.#mark(breakMarks(this.#view.state, message));
  }

  /** Scrolls the text, and not the page around it. @param {Path} path */
  reveal(path) {
    const start = startOf(this.#view.state, path);
    if (start !== undefined) this.#view.scrollDOM.scrollTop = this.#view.lineBlockAt(start).top - MARGIN;
  }

  relabel() {
    // What is offered at the moment is in the former language.
    closeCompletion(this.#view);
    this.#view.dispatch({ effects: this.#language.reconfigure(this.#phrases()) });
  }

  focus() {
    this.#view.focus();
  }

  /** @param {Diagnostic[]} marks */
  #mark(marks) {
    if (marks.length === 0 && this.#marks.length === 0) return;
    this.#marks = marks;
    this.#view.dispatch(setDiagnostics(this.#view.state, marks));
  }

  #looks() {
    return [
      lintGutter(),
      lineNumbers(),
      codeFolding(),
      foldGutter(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      bracketMatching(),
      json(),
      syntaxHighlighting(classHighlighter),
      EditorState.tabSize.of(2),
    ];
  }

  #helps() {
    const hover = hoverTooltip((view, at, side) => {
      const word = wordAt(view.state, at, side);
      const meaning = word && meaningOf(this.#knowledge, word.path);
      return word && meaning ? { pos: word.from, end: word.to, above: true, create: () => ({ dom: meaningBox(meaning) }) } : null;
    });
    return [
      indentOnInput(),
      closeBrackets(),
      autocompletion({ icons: false }),
      jsonLanguage.data.of({ autocomplete: completions(this.#knowledge) }),
      search({ top: true }),
      hover,
    ];
  }

  /** Tab goes on to what comes next in the page, as in a form. */
  #keys() {
    const { typed, undo, redo } = this.#actions;
    return [
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...foldKeymap, ...defaultKeymap]),
      EditorView.updateListener.of(({ docChanged, transactions, state }) => {
        if (docChanged && !transactions.some((transaction) => transaction.annotation(shown))) typed(state.doc);
      }),
      // The menu of the browser has undo and redo, too; the keys are the editor's.
      EditorView.domEventHandlers({
        beforeinput: ({ inputType }) => {
          if (inputType !== "historyUndo" && inputType !== "historyRedo") return false;
          if (inputType === "historyUndo") undo();
          else redo();
          return true;
        },
      }),
    ];
  }

  /** @param {{ [name: string]: string }} attributes */
  #attributes(attributes) {
    return EditorView.contentAttributes.of(() => (this.#marks.length > 0 ? { ...attributes, "aria-invalid": "true" } : attributes));
  }

  #phrases() {
    const { language } = this.#knowledge.texts;
    return language === "ru" ? EditorState.phrases.of(russian) : [];
  }
}

/** What has to be written where to make one text of another. @param {string} from @param {string} to */
function difference(from, to) {
  const room = Math.min(from.length, to.length);
  let start = 0;
  while (start < room && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < room - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}
