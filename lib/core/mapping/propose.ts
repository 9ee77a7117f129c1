import { foldText } from "@/lib/core/fields/fold";
import type { Field } from "@/lib/core/fields/types";
import { contentFit, isTellingField, sampleCells } from "@/lib/core/mapping/content-fit";
import { similarity } from "@/lib/core/mapping/edit-distance";
import type { ProposedEntry } from "@/lib/core/mapping/types";
import type { Template } from "@/lib/core/templates/types";

/** What a proposal looks at: a Detection will do. */
export interface MappingSource {
  columns: readonly string[];
  sampleRows: readonly (readonly string[])[];
}

type TemplateWords = Pick<Template, "synonyms" | "computedColumns">;

interface Candidate {
  confidence: number;
  reason: string;
}

/** Headers less alike than this are two words, not one with a slip. */
const SIMILARITY_MIN = 0.8;
/** Below this length a slip makes another word ("date", "rate"). */
const FUZZY_CHARS_MIN = 5;
/** Pairs compared letter by letter, so that two wide tables stay quick. */
const FUZZY_PAIRS_MAX = 40_000;
/** Cells that must fit before a column is told by its content alone. */
const CONTENT_FIT_MIN = 0.9;

/**
 * Proposes a field for every column: by name and label, without case and punctuation, by the template's synonyms, by
 * likeness, and last by content. Each field is proposed once, to the column with the strongest claim; a column that
 * none claims, or that the template computes, gets null. In the order of `columns`.
 */
export function proposeMapping(
  source: MappingSource,
  fields: readonly Field[],
  template?: TemplateWords,
): ProposedEntry[] {
  const proposals = new Map<number, ProposedEntry>();
  const free = new Map(fields.map((field) => [field.name, field]));
  const claim = (index: number, field: Field, { confidence, reason }: Candidate) => {
    if (proposals.has(index) || !free.has(field.name)) return;
    proposals.set(index, { column: source.columns[index] ?? "", field: field.name, confidence, reason });
    free.delete(field.name);
  };
  for (const words of namings(fields, template)) {
    source.columns.forEach((column, index) => {
      const field = words.fields.get(words.key(column));
      if (field) claim(index, field, words);
    });
  }
  const computed = new Set(template?.computedColumns.map(foldText));
  source.columns.forEach((column, index) => {
    if (proposals.has(index) || !computed.has(foldText(column))) return;
    proposals.set(index, { column, field: null, confidence: 1, reason: "Computed from other fields." });
  });
  claimByLikeness(source, free, proposals, claim);
  if (template) claimByContent(source, free, proposals, claim);
  return source.columns.map((column, index) => {
    const none = { column, field: null, confidence: 0, reason: "No field matches this column." };
    return proposals.get(index) ?? none;
  });
}

type Claim = (index: number, field: Field, candidate: Candidate) => void;

interface Naming extends Candidate {
  fields: Map<string, Field>;
  key: (column: string) => string;
}

/** The ways a header can name a field, the surest first. */
function namings(fields: readonly Field[], template: TemplateWords | undefined): Naming[] {
  const keyed = (keysOf: (field: Field) => string[]) => {
    const map = new Map<string, Field>();
    for (const field of fields)
      for (const key of keysOf(field)) if (key && !map.has(key)) map.set(key, field);
    return map;
  };
  const exactly = (column: string) => column;
  const synonyms = (field: Field) => (template?.synonyms[field.name] ?? []).map(foldText);
  return [
    { fields: keyed((field) => [field.name]), key: exactly, confidence: 1, reason: "The field's name." },
    { fields: keyed((field) => [field.label]), key: exactly, confidence: 1, reason: "The field's label." },
    {
      fields: keyed((field) => [foldText(field.name), foldText(field.label)]),
      key: foldText,
      confidence: 0.98,
      reason: "The field's name but for case, spaces and punctuation.",
    },
    { fields: keyed(synonyms), key: foldText, confidence: 0.9, reason: "Another word for the field." },
  ];
}

function claimByLikeness(
  source: MappingSource,
  free: ReadonlyMap<string, Field>,
  proposals: ReadonlyMap<number, ProposedEntry>,
  claim: Claim,
): void {
  const open = source.columns.length - proposals.size;
  if (open * free.size > FUZZY_PAIRS_MAX) return;
  const found: { index: number; field: Field; likeness: number }[] = [];
  source.columns.forEach((column, index) => {
    const key = foldText(column);
    if (proposals.has(index) || key.length < FUZZY_CHARS_MIN || key.length > 64) return;
    for (const field of free.values()) {
      const keys = [foldText(field.name), foldText(field.label)];
      const likeness = Math.max(...keys.map((name) => similarity(key, name, SIMILARITY_MIN)));
      if (likeness >= SIMILARITY_MIN) found.push({ index, field, likeness });
    }
  });
  found.sort((a, b) => b.likeness - a.likeness);
  for (const { index, field, likeness } of found) {
    // A name that is only alike has to be borne out by what the column holds.
    if (contentFit(sampleCells(source.sampleRows, index), field) < CONTENT_FIT_MIN) continue;
    claim(index, field, { confidence: 0.8 * likeness, reason: `Written almost like "${field.label}".` });
  }
}

/** Columns told by their cells: the first column of countries is the first country field, dates likewise in order. */
function claimByContent(
  source: MappingSource,
  free: ReadonlyMap<string, Field>,
  proposals: ReadonlyMap<number, ProposedEntry>,
  claim: Claim,
): void {
  for (const field of [...free.values()].filter(isTellingField)) {
    const index = source.columns.findIndex((_, column) => {
      if (proposals.has(column)) return false;
      const cells = sampleCells(source.sampleRows, column);
      return cells.length > 0 && contentFit(cells, field) >= CONTENT_FIT_MIN;
    });
    if (index >= 0) claim(index, field, { confidence: 0.5, reason: `Its cells look like "${field.label}".` });
  }
}
