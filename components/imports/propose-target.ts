import { foldText } from "@/lib/core/fields/fold";
import type { Field } from "@/lib/core/fields/types";
import { TEMPLATES } from "@/lib/core/templates/templates";
import type { TemplateId } from "@/lib/core/templates/types";

interface Candidate {
  id: string;
  template: TemplateId | null;
  fields: readonly Field[];
}

export type ProposedTarget =
  { collectionId: string } | { newCollection: { name: string; template: TemplateId | "table" } };

/** A file belongs to a collection when nearly all of its columns have a place there. */
const COLUMNS_PLACED_MIN = 0.6;

/**
 * Where a file probably belongs: the person's collection that has a place for the most of its columns (and gets all
 * that it requires), else a template of which the same is true, else a new table of its own. A proposal only; the
 * person can choose anew while mapping.
 */
export function proposeTarget(
  fileName: string,
  columns: readonly string[],
  collections: readonly Candidate[],
): ProposedTarget {
  const own = best(columns, collections, (c) => synonymsOf(c.template));
  if (own) return { collectionId: own.id };
  const template = best(columns, TEMPLATES, (t) => t.synonyms);
  if (template) return { newCollection: { name: template.name, template: template.id } };
  return { newCollection: { name: collectionNameFor(fileName), template: "table" } };
}

/** "2024_trips-final.csv" → "2024 trips final". */
export function collectionNameFor(fileName: string): string {
  const base = fileName
    .replace(/\.[^.]{1,5}$/, "")
    .replaceAll(/[_-]+/g, " ")
    .trim();
  return (base === "" ? "Imported table" : base).slice(0, 200);
}

function synonymsOf(template: TemplateId | null): Record<string, string[]> {
  return TEMPLATES.find((t) => t.id === template)?.synonyms ?? {};
}

function best<T extends { fields: readonly Field[] }>(
  columns: readonly string[],
  candidates: readonly T[],
  synonyms: (candidate: T) => Record<string, string[]>,
): T | undefined {
  let winner: T | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const placed = placedColumns(columns, candidate.fields, synonyms(candidate));
    if (placed / Math.max(1, columns.length) < COLUMNS_PLACED_MIN || placed <= most) continue;
    most = placed;
    winner = candidate;
  }
  return winner;
}

/** Columns that name a field; 0 when a required field gets none. */
function placedColumns(
  columns: readonly string[],
  fields: readonly Field[],
  synonyms: Record<string, string[]>,
): number {
  const headers = new Set(columns.map((column) => foldText(column)));
  let placed = 0;
  for (const field of fields) {
    const names = [field.name, field.label, ...(synonyms[field.name] ?? [])];
    if (names.some((name) => headers.has(foldText(name)))) placed += 1;
    else if (field.required) return 0;
  }
  return placed;
}
