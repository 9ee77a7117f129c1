import type { Field } from "@/lib/core/fields/types";
import { fits } from "./comparators";
import type { MatchField, MatchRule } from "./types";

const FIELDS_MAX = 30;
const TOLERANCE_DAYS_MAX = 366;
const WHOLE = 1000;

/** What is wrong at one place of a rule, in words. `path` is dotted. */
export interface RuleProblem {
  path: string;
  message: string;
}

/** Everything that keeps a rule from being used with these fields; empty when it is sound. */
export function validateRule(rule: MatchRule, fields: readonly Field[]): RuleProblem[] {
  const problems = rule.fields.flatMap((part, index) => fieldProblems(rule, part, index, fields));
  const wrong = (path: string, message: string) => problems.push({ path, message });
  if (rule.fields.length === 0) wrong("fields", "Choose at least one field to compare.");
  else if (rule.fields.every((f) => f.weight === 0)) {
    wrong("fields", "Give at least one field a weight above 0, or nothing ever matches.");
  }
  if (rule.fields.length > FIELDS_MAX) wrong("fields", `At most ${FIELDS_MAX} fields can be compared.`);
  if (!isThousandths(rule.threshold) || rule.threshold === 0) {
    wrong("threshold", "The threshold lies above 0 and at most at 1, or everything would match everything.");
  }
  const { skipFrom, askFrom } = rule.suggest;
  if (!isThousandths(skipFrom) || !isThousandths(askFrom)) {
    wrong("suggest", "The limits for skipping and asking lie between 0 and 1.");
  } else if (askFrom > skipFrom) {
    wrong("suggest", "The limit for asking has to be at or below the one for skipping.");
  }
  return problems;
}

function fieldProblems(
  rule: MatchRule,
  part: MatchField,
  index: number,
  fields: readonly Field[],
): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const wrong = (name: string, message: string) =>
    problems.push({ path: `fields.${index}.${name}`, message });
  const field = fields.find((f) => f.name === part.field);
  const { comparator } = part;
  if (!field) wrong("field", `There is no field named "${part.field}".`);
  else if (!fits(comparator, field.type)) {
    wrong(
      "comparator",
      `"${field.label}" holds ${field.type} values, which cannot be compared as ${comparator.kind}.`,
    );
  }
  if (rule.fields.findIndex((f) => f.field === part.field) < index) {
    wrong("field", `"${field?.label ?? part.field}" is compared twice.`);
  }
  if (!isThousandths(part.weight)) wrong("weight", "A weight lies between 0 and 1.");
  if (!isThousandths(part.confidenceWeight)) wrong("confidenceWeight", "A weight lies between 0 and 1.");
  if (comparator.kind === "days" && !isWhole(comparator.tolerance, TOLERANCE_DAYS_MAX)) {
    wrong(
      "comparator.tolerance",
      `The tolerance is a whole number of days, from 0 to ${TOLERANCE_DAYS_MAX}.`,
    );
  }
  if (comparator.kind === "number" && !(comparator.tolerance >= 0 && Number.isFinite(comparator.tolerance))) {
    wrong("comparator.tolerance", "The tolerance is a number from 0 on.");
  }
  return problems;
}

function isThousandths(value: number): boolean {
  return isWhole(value, WHOLE);
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
