import type { Field } from "@/lib/core/fields/types";
import type { TemplateId } from "@/lib/core/templates/types";
import { fits, usualComparator } from "./comparators";
import type { Comparator, MatchField, MatchRule } from "./types";
import { validateRule } from "./validate";

/** From what confidence a match is skipped, or asked about (S5.2). */
const SUGGEST = { skipFrom: 900, askFrom: 700 };
/** More fields say no more about what is the same, and cost time for each pair. */
const KEYLESS_FIELDS_MAX = 12;
const CONFIDENCE_FIELDS_MAX = 8;

type Part = [
  field: string,
  comparator: Comparator,
  weight: number,
  confidenceWeight: number,
  required?: "required",
];

const FOLDED: Comparator = { kind: "folded" };
const EXACT: Comparator = { kind: "exact" };
const TEXT: Comparator = { kind: "text" };
const DAY: Comparator = { kind: "days", tolerance: 1 };

/** What each template comes with. Trips: exactly S5.2. */
const TEMPLATE_RULES: Record<TemplateId, { threshold: number; parts: Part[] }> = {
  trips: {
    threshold: 800,
    parts: [
      ["country", FOLDED, 400, 300, "required"],
      ["entryDate", DAY, 300, 300],
      ["exitDate", DAY, 200, 200],
      ["visaType", FOLDED, 100, 100],
      ["passportCountry", FOLDED, 0, 100],
    ],
  },
  "study-sets": {
    threshold: 800,
    parts: [
      ["title", TEXT, 1000, 700, "required"],
      ["frontLanguage", FOLDED, 0, 150],
      ["backLanguage", FOLDED, 0, 150],
    ],
  },
  // The same front in the same set is the same card, whatever became of its back.
  cards: {
    threshold: 700,
    parts: [
      ["front", FOLDED, 500, 400, "required"],
      ["back", TEXT, 300, 400],
      ["set", EXACT, 200, 100],
      ["tags", TEXT, 0, 100],
    ],
  },
  "study-cycles": {
    threshold: 1000,
    parts: [
      ["set", EXACT, 500, 300, "required"],
      ["cycleNumber", EXACT, 500, 300, "required"],
      ["startedAt", DAY, 0, 200],
      ["finishedAt", DAY, 0, 100],
      ["score", { kind: "number", tolerance: 1 }, 0, 100],
    ],
  },
};

interface Matchable {
  template?: string | null;
  fields: readonly Field[];
  keyFields: readonly string[];
}

/**
 * The rule for a collection that has none of its own: its template's as far as the fields are there, else the key
 * without case, accents and a day's difference, else all fields with the first one required.
 */
export function defaultRule({ template, fields, keyFields }: Matchable): MatchRule {
  const known = template && Object.hasOwn(TEMPLATE_RULES, template) ? (template as TemplateId) : undefined;
  if (known) {
    const { threshold, parts } = TEMPLATE_RULES[known];
    const rule = { fields: parts.map(matchField), threshold, suggest: SUGGEST };
    const fitting = withoutMisfits(rule, fields);
    if (fitting) return fitting;
  }
  return keyFields.length > 0 ? keyRule(fields, keyFields) : contentRule(fields);
}

/**
 * The rule that holds for a collection: its own as far as its fields still fit (they may have changed since), else the
 * default.
 */
export function ruleOf(collection: Matchable & { matching: unknown }): MatchRule {
  const own = collection.matching as MatchRule | null;
  return (own && withoutMisfits(own, collection.fields)) ?? defaultRule(collection);
}

function withoutMisfits(rule: MatchRule, fields: readonly Field[]): MatchRule | undefined {
  const fitting = {
    ...rule,
    fields: rule.fields.filter(({ field, comparator }) => {
      const type = fields.find((f) => f.name === field)?.type;
      return type !== undefined && fits(comparator, type);
    }),
  };
  return validateRule(fitting, fields).length === 0 ? fitting : undefined;
}

function matchField([field, comparator, weight, confidenceWeight, required]: Part): MatchField {
  return { field, comparator, weight, confidenceWeight, required: required === "required" };
}

function keyRule(fields: readonly Field[], keyFields: readonly string[]): MatchRule {
  const keys = fields.filter((f) => keyFields.includes(f.name));
  const others = fields.filter((f) => !keyFields.includes(f.name)).slice(0, CONFIDENCE_FIELDS_MAX);
  const keyConfidence = others.length > 0 ? 600 : 1000;
  return {
    fields: [
      ...keys.map((f, i) =>
        matchField([
          f.name,
          keyComparator(f),
          share(1000, keys.length, i),
          share(keyConfidence, keys.length, i),
          "required",
        ]),
      ),
      ...others.map((f, i) => matchField([f.name, usualComparator(f.type), 0, share(400, others.length, i)])),
    ],
    threshold: 800,
    suggest: SUGGEST,
  };
}

/** A number of a key names something: 4711 is not nearly 4712. */
function keyComparator({ type }: Field): Comparator {
  const usual = usualComparator(type);
  if (usual.kind === "number") return EXACT;
  return usual.kind === "text" ? FOLDED : usual;
}

function contentRule(fields: readonly Field[]): MatchRule {
  const compared = fields.slice(0, KEYLESS_FIELDS_MAX);
  const leading = compared.find((f) => f.required) ?? compared[0];
  return {
    fields: compared.map((f, i) => {
      const weight = share(1000, compared.length, i);
      return f === leading
        ? matchField([f.name, keyComparator(f), weight, weight, "required"])
        : matchField([f.name, usualComparator(f.type), weight, weight]);
    }),
    threshold: 800,
    suggest: SUGGEST,
  };
}

/** The i-th of `count` shares of a whole, which add up to it. */
function share(whole: number, count: number, i: number): number {
  return Math.floor((whole * (i + 1)) / count) - Math.floor((whole * i) / count);
}
