// The text editor: CodeMirror 6. Its parts keep one state among them, so they stand in one file.
export { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, pickedCompletion } from "@codemirror/autocomplete";
export { defaultKeymap } from "@codemirror/commands";
export { json, jsonLanguage } from "@codemirror/lang-json";
export { bracketMatching, codeFolding, ensureSyntaxTree, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting, syntaxTree } from "@codemirror/language";
export { forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
export { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
export { Annotation, Compartment, EditorState, Text } from "@codemirror/state";
export { EditorView, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
export { classHighlighter } from "@lezer/highlight";
