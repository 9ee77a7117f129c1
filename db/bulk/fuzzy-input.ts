import type { ScoringRule } from "./match-score";

/** What fuzzy matching works on. */
export interface FuzzyInput {
  /** A table with row_number, data and errors (see staging.ts). */
  stagedTable: string;
  collectionId: string;
  rule: ScoringRule;
  /** SQL beginning with "and" over the staged rows `s` that still have no record. */
  openRows: string;
  /** SQL beginning with "and" over the records `r` that still have no row. */
  openRecords: string;
  /** Fields of the collection that the file does not fill: they say nothing about identical content. */
  unmappedFields: readonly string[];
}
