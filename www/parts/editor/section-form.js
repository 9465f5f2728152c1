// The form of the part of the configuration that is chosen at the side: a component, a fault, the network.

import { isObject } from "../../run/json.js";
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { AlternativesField } from "./alternatives-field.js";
import { Group } from "./group.js";
import { MAPS } from "./layout.js";
import { canMove } from "./order.js";
import { NameInput } from "./name-input.js";
import { freeName } from "./names.js";
import { ObjectBody } from "./object-body.js";
import { valueAt } from "./path.js";
import { bodyOf } from "./preset-body.js";
import { SectionField } from "./section-field.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */

/**
 * @typedef {object} FormActions
 * @property {(path: Path) => void} added shows what is new
 * @property {(path: Path, to: string, isFinished: boolean) => void} renamed
 * @property {(path: Path, by: -1 | 1) => void} moved
 * @property {() => void} back to the list of parts
 */

/**
 * @param {Context} context @param {Path} path @param {FormActions} actions
 * @returns {{ element: HTMLElement, update: (config: unknown) => void, focus: () => void, focusBack: () => void }}
 */
export function sectionForm(context, path, actions) {
  const { texts } = context;
  const back = h("button", { type: "button", class: "small form-back", onclick: actions.back }, icon("back"), texts.text("editor.back"));
  const form = formOf(context, path, actions);
  const element = h("div", { class: "section-form" }, back, form.element);
  return { element, update: (config) => form.update(valueAt(config, path)), focus: () => form.focus(), focusBack: () => back.focus() };
}

/** @param {Context} context @param {Path} path @param {FormActions} actions @returns {import("./context.js").Field} */
function formOf(context, path, actions) {
  const { schema } = context;
  const [section] = path;
  if (section === undefined) return new GeneralForm(context, schema.root, path, { title: context.texts.text("editor.general"), doc: "" });
  const shape = schema.field(schema.root, String(section));
  if (section === "faults") return new FaultForm(context, schema.inner(shape), path, actions);
  if (path.length === 1) return new SectionField(context, { ...shape, doc: docOf(shape) }, path);
  return new ComponentForm(context, schema.inner(shape), path, actions);
}

/** The type of a part says more than the field that holds it. @param {import("./schema.js").Shape} shape */
function docOf(shape) {
  return shape.node.description ?? shape.doc;
}

/** What concerns the whole run. */
class GeneralForm extends Group {
  /** @type {ObjectBody} */
  #fields;

  /** @param {ConstructorParameters<typeof Group>} parameters */
  constructor(...parameters) {
    super(...parameters);
    this.#fields = new ObjectBody(this.context, this.shape, this.path);
    this.body.append(this.#fields.element);
  }

  /** @param {unknown} value */
  update(value) {
    this.#fields.update(value);
  }
}

/**
 * Buttons that move something up and down among its kind. At the edge they stay, and take the focus: a button that goes
 * would lose it.
 * @param {Group} form @param {Path} path @param {string} what @param {FormActions} actions
 */
function moveButtons(form, path, what, actions) {
  const { config, texts } = form.context;
  const both = /** @type {const} */ ([[-1, "move_up", "editor.move.up"], [1, "move_down", "editor.move.down"]]);
  const buttons = both.map(([by, sign, key]) => {
    const button = form.button(icon(sign), texts.text(key, { what }), () => actions.moved(path, by));
    button.title = texts.text(key, { what });
    return button;
  });
  const update = () => both.forEach(([by], at) => buttons[at].setAttribute("aria-disabled", String(!canMove(config(), path, by))));
  return { buttons, update };
}

/** A component: its name, its place among its kind, and its fields. */
class ComponentForm extends Group {
  #fields;
  #moves;

  /** @param {Context} context @param {import("./schema.js").Shape} shape @param {Path} path @param {FormActions} actions */
  constructor(context, shape, path, actions) {
    const { texts, words } = context;
    const [map, name] = /** @type {[(typeof MAPS)[number], string]} */ (path);
    super(context, shape, path, { title: name, doc: words.doc(shape.type, shape.node.description ?? "") });
    const others = () => /** @type {object} */ (valueAt(context.config(), [map]) ?? {});
    const rename = new NameInput(context, name, others, (to, isFinished) => actions.renamed(path, to, isFinished));
    const remove = () => {
      context.change(path, undefined);
      actions.back();
    };
    this.#moves = moveButtons(this, path, name, actions);
    this.buttons.append(
      ...(map === "policies" ? [] : this.#moves.buttons),
      this.button(texts.text("editor.duplicate"), `${texts.text("editor.duplicate")}: ${name}`, () => duplicate(context, path, actions)),
      this.button(texts.text("editor.remove"), texts.text("editor.remove.what", { what: name }), remove),
    );
    this.#fields = bodyOf(context, shape, path);
    this.body.append(rename.element, this.#fields.element);
  }

  /** @param {unknown} value */
  update(value) {
    this.#fields.update(value);
    this.#moves.update();
  }
}

/** @param {Context} context @param {Path} path @param {FormActions} actions */
function duplicate(context, path, actions) {
  const [map, name] = path;
  const others = valueAt(context.config(), [map]);
  const copy = [map, freeName(`${name}-copy`, isObject(others) ? others : {})];
  context.change(copy, valueAt(context.config(), path));
  actions.added(copy);
}

/** A fault: its kind, and when it happens to whom. */
class FaultForm extends AlternativesField {
  #moves;

  /** @param {Context} context @param {import("./schema.js").Shape} shape @param {Path} path @param {FormActions} actions */
  constructor(context, shape, path, actions) {
    super(context, { ...shape, doc: shape.node.description ?? "", id: shape.type }, path);
    const { texts } = context;
    const what = texts.text("editor.one.faults");
    this.heading.textContent = texts.text("editor.fault", { number: String(Number(path[1]) + 1) });
    this.#moves = moveButtons(this, path, this.heading.textContent, actions);
    this.buttons.append(...this.#moves.buttons, this.button(texts.text("editor.remove"), texts.text("editor.remove.what", { what }), () => {
      context.change(path, undefined);
      actions.back();
    }));
  }

  /** @param {unknown} value */
  update(value) {
    super.update(value);
    this.#moves.update();
  }
}
