/**
 * How two values of one field are compared. Every comparator answers 0 … 1000 (thousandths). Two empty values are
 * equal; an empty and a filled one are not alike at all.
 *
 * exact: 1000 when the stored values are the same.
 * folded: 1000 when they are the same without case and accents.
 * days: 1000 on the same day, 500 within `tolerance` days.
 * number: 1000 when equal, 500 within `tolerance`.
 * text: how much of the longer text an edit would leave (Levenshtein over the first 255 folded characters).
 */
export type Comparator =
  | { kind: "exact" }
  | { kind: "folded" }
  | { kind: "days"; tolerance: number }
  | { kind: "number"; tolerance: number }
  | { kind: "text" };

export interface MatchField {
  field: string;
  comparator: Comparator;
  /** Weight in the score that decides whether two records match at all, in thousandths (0 … 1000). */
  weight: number;
  /** Weight in the confidence that a match is shown with, in thousandths (0 … 1000). */
  confidenceWeight: number;
  /** Without any likeness here (score 0) it is no match, whatever the rest says. */
  required: boolean;
}

/** How fuzzy matching works for one collection (S5.2). */
export interface MatchRule {
  fields: MatchField[];
  /** Score from which on two records match, in thousandths of the whole. */
  threshold: number;
  /** Suggested action by confidence, in thousandths: from `skipFrom` on skip, from `askFrom` on ask, else update. */
  suggest: { skipFrom: number; askFrom: number };
}

/** One field's part in a score, for the person: what it weighs and how alike the values are (0 … 1000). */
export interface FieldEvidence {
  field: string;
  comparator: Comparator;
  weight: number;
  confidenceWeight: number;
  score: number;
}

/** Both in thousandths, rounded down: Σ weight × score ÷ Σ weight. */
export interface MatchScore {
  score: number;
  confidence: number;
  evidence: FieldEvidence[];
}
