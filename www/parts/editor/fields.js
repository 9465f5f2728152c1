// The field for a place of the configuration, by what it may hold.

import { AlternativesField } from "./alternatives-field.js";
import { DistributionField } from "./distribution-field.js";
import { ListField, PairField } from "./list-field.js";
import { NamedField, TargetsField } from "./map-field.js";
import { PolicyField } from "./policy-field.js";
import { ReferenceField, ReferencesField } from "./reference-fields.js";
import { referentOf } from "./references.js";
import { SectionField } from "./section-field.js";
import { CheckField, ChoiceField, DurationField, NumberField, NumbersField, TextField } from "./simple-fields.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** @param {Context} context @param {Shape} shape @param {Path} path @returns {Field} */
export function createField(context, shape, path) {
  const Kind = kindOf(context, shape);
  return new Kind(context, shape, path);
}

/** @param {Context} context @param {Shape} shape @returns {new (context: Context, shape: Shape, path: Path) => Field} */
function kindOf(context, shape) {
  switch (shape.kind) {
    case "number":
    case "integer":
      return NumberField;
    case "boolean":
      return CheckField;
    case "choice":
      return ChoiceField;
    case "duration":
      return DurationField;
    case "distribution":
      return DistributionField;
    case "alternatives":
      return AlternativesField;
    case "policy":
      return PolicyField;
    case "object":
      return SectionField;
    case "map":
      return referentOf(`${shape.id}{}`) ? TargetsField : NamedField;
    case "list":
      return listKind(context, shape);
    case "text":
      return referentOf(shape.id) ? ReferenceField : TextField;
  }
}

/** @param {Context} context @param {Shape} shape */
function listKind(context, shape) {
  const { kind } = context.schema.inner(shape);
  if (shape.length === 2) return PairField;
  if (kind === "number" || kind === "integer") return NumbersField;
  return kind === "text" ? ReferencesField : ListField;
}
