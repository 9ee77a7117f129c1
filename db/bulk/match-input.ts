import type { AnySql } from "@/db/client";
import { keyHashExpression, withoutFields } from "./key-hash";
import { planTable } from "./staging";

export interface MatchInput {
  importId: string;
  collectionId: string;
  /** Fields whose equality makes two records the same one; none = the whole content. */
  criteria: readonly string[];
  /** True when `criteria` are the collection's own key, whose hash every record carries. */
  criteriaAreOwnKey: boolean;
  /** Fields of the collection that the file fills. */
  mappedFields: readonly string[];
  /** Fields of the collection that the file does not fill. */
  unmappedFields: readonly string[];
  /** Earlier imports of the same source that still stand. */
  deliveries: readonly string[];
  /** False when no row states the id of the record it was: looking for one would read all rows. */
  mayStateIds: boolean;
}

/** How a row was matched, as the plan table's `how` says. */
export const MATCHED_BY = { id: 0, key: 1, fuzzy: 2 } as const;

/** How keys are told: SQL texts of a record's key hash, and of what it says where only content is compared. */
export interface Keys {
  recordHash: string;
  comparable: string;
}

export function keysOf({ criteria, criteriaAreOwnKey, unmappedFields }: MatchInput): Keys {
  const comparable = withoutFields(unmappedFields, "r.data");
  // Without a key the content is compared, and only what the file speaks of.
  if (criteria.length === 0 && unmappedFields.length > 0)
    return { comparable, recordHash: keyHashExpression([], comparable) };
  return { comparable, recordHash: criteriaAreOwnKey ? "r.key_hash" : keyHashExpression(criteria, "r.data") };
}

/**
 * SQL text of `same` for a record r and a staged row s. Most are the same to the byte, which is told in a fraction of the
 * time that comparing value by value takes; that is for the others, since numbers can be equal and written differently.
 */
export function sameExpression(unmappedFields: readonly string[], record = "r", row = "s"): string {
  if (unmappedFields.length > 0) return `${withoutFields(unmappedFields, `${record}.data`)} = ${row}.data`;
  return `(record_image_eq(row(${record}.data), row(${row}.data)) or ${record}.data = ${row}.data)`;
}

/** SQL text: an import of the same source wrote record `r` last. The parameter is the list of those imports. */
export function deliveredExpression(record: string, parameter: number): string {
  return `coalesce(${record}.source_import_id = any($${parameter}::uuid[]), false)`;
}

/** What keeps out what has been matched already: SQL texts about staged rows `s` and records `r`. */
export interface OpenConditions {
  openRows: string;
  openRecords: string;
  /** Nothing has been matched yet. */
  isFirst: boolean;
}

export async function openConditions(tx: AnySql, importId: string): Promise<OpenConditions> {
  const plan = planTable(importId);
  await tx.unsafe(`analyze ${plan}`);
  const [matched] = await tx.unsafe<{ any: boolean }[]>(`select exists (select from ${plan}) as any`);
  if (!matched?.any) return { openRows: "", openRecords: "", isFirst: true };
  return {
    openRows: `and not exists (select from ${plan} q where q.row_number = s.row_number)`,
    openRecords: `and not exists (select from ${plan} q where q.record_id = r.id)`,
    isFirst: false,
  };
}
