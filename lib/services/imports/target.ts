import type { Field } from "@/lib/core/fields/types";
import { proposeMapping } from "@/lib/core/mapping/propose";
import { resolveMapping } from "@/lib/core/mapping/resolve";
import type { MappingProblem } from "@/lib/core/mapping/types";
import { templateById } from "@/lib/core/templates/templates";
import type { MappingEntry } from "@/lib/contracts/imports";
import type { CollectionRow } from "@/db/queries/imports";
import type { StoredDetection } from "./detect";

/** Where the rows of a file go: fields, and the column that feeds each. */
export interface Target {
  /** Every field of the collection as it will be, those that the import creates last. */
  fields: Field[];
  keyFields: string[];
  /** Of a collection that is made with the import: what a file of Ferry's own says it was. */
  template?: string;
  /** Names of fields that are created with the import. */
  createdFields: string[];
  /** Per field the column's index, or -1. */
  columnIndexes: number[];
  problems: MappingProblem[];
}

export interface NewCollection {
  name: string;
  template?: string;
}

function templateOf(into: CollectionRow | NewCollection) {
  return into.template ? templateById(into.template) : undefined;
}

/** The fields that are there before the mapping creates any. */
function baseFields(into: CollectionRow | NewCollection): { fields: Field[]; keyFields: string[] } {
  if ("fields" in into) return { fields: into.fields as Field[], keyFields: into.keyFields };
  const template = templateOf(into);
  return { fields: template?.fields ?? [], keyFields: template?.keyFields ?? [] };
}

/** Ferry's own mapping for a file: proposed for known fields, inferred for a new table. */
export function proposedMapping(
  detection: StoredDetection,
  into: CollectionRow | NewCollection,
): MappingEntry[] {
  const { fields } = baseFields(into);
  if (fields.length === 0) return inferredMapping(detection);
  return proposeMapping(detection, fields, templateOf(into)).map(({ column, field }) => ({ column, field }));
}

function inferredMapping(detection: StoredDetection): MappingEntry[] {
  const stated = detection.fields !== undefined;
  return detection.columns.map((column, i) => {
    const { fields } = detection.inferred;
    const field = stated ? fields.find((f) => f.name === column) : fields[i];
    if (!field) return { column, field: null };
    return { column, create: { name: field.name, label: field.label, type: field.type } };
  });
}

/** Settles which column feeds which field. Problems are returned, in words, not thrown: a draft may have them. */
export function resolveTarget(
  detection: StoredDetection,
  mapping: MappingEntry[],
  into: CollectionRow | NewCollection,
  alreadyCreated: readonly string[] = [],
): Target {
  const { fields, keyFields } = baseFields(into);
  // Fields that this very import has added to the collection are still its own to create.
  const base = fields.filter((f) => !alreadyCreated.includes(f.name));
  const resolved = resolveMapping(mapping, detection.columns, base);
  const stated = new Map((detection.fields ?? []).map((f) => [f.name, f]));
  const created = resolved.createdFields.map((f): Field => {
    const known = stated.get(f.name);
    return known?.type === f.type ? { ...known, label: f.label, references: undefined } : f;
  });
  const all = [...base, ...created];
  return {
    fields: all,
    ...statedTarget(detection, into, all, keyFields),
    createdFields: created.map((f) => f.name),
    columnIndexes: resolved.columnIndexes,
    problems: resolved.problems,
  };
}

/** A new collection without a template of its own becomes what the file says it was, as far as its fields are there. */
function statedTarget(
  { keyFields: stated = [], template }: StoredDetection,
  into: CollectionRow | NewCollection,
  fields: readonly Field[],
  keyFields: string[],
): Pick<Target, "keyFields" | "template"> {
  if ("fields" in into || into.template) return { keyFields };
  const isThere = stated.every((name) => fields.some((field) => field.name === name));
  return {
    keyFields: isThere ? stated : [],
    ...(template !== undefined && templateById(template) && { template }),
  };
}
