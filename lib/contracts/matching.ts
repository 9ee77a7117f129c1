import { z } from "zod";
import type { MatchRule } from "@/lib/core/matching/types";

const THOUSANDTHS = 1000;
/** A share of the whole, 0 … 1, with three decimals. */
const Share = z
  .number()
  .min(0)
  .max(1)
  .transform((share) => Math.round(share * THOUSANDTHS) / THOUSANDTHS);

/** How two values of a field are compared (lib/core/matching/types.ts says what each means). */
const ComparatorShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["exact", "folded", "text"]) }),
  z.object({ kind: z.literal("days"), tolerance: z.number().int().min(0).max(366).default(1) }),
  z.object({ kind: z.literal("number"), tolerance: z.number().min(0).max(1e15).default(0) }),
]);

/** How fuzzy matching works for a collection (S5.2). Weights are relative to their sum. */
export const MatchRuleShape = z.object({
  fields: z
    .array(
      z.object({
        field: z.string().min(1).max(63),
        comparator: ComparatorShape,
        /** In the score that decides whether two records match. */
        weight: Share,
        /** In the confidence that a match is shown with; the weight when left out. */
        confidenceWeight: Share.optional(),
        /** Without any likeness here it is no match. */
        required: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(30),
  /** Score from which on two records match. */
  threshold: Share.default(0.8),
  /** Suggested action by confidence: from `skipFrom` on skip, from `askFrom` on ask, else update. */
  suggest: z.object({ skipFrom: Share.default(0.9), askFrom: Share.default(0.7) }).prefault({}),
});
export type MatchRuleView = z.output<typeof MatchRuleShape>;

export interface MatchingView {
  rule: MatchRuleView;
  /** The collection has no rule of its own: this is its template's, or one made from its key. */
  isDefault: boolean;
}

/** A rule as it is stored and computed with, in thousandths. */
export function toRule(view: MatchRuleView): MatchRule {
  return {
    fields: view.fields.map((f) => ({
      field: f.field,
      comparator: f.comparator,
      weight: inside(f.weight),
      confidenceWeight: inside(f.confidenceWeight ?? f.weight),
      required: f.required,
    })),
    threshold: inside(view.threshold),
    suggest: { skipFrom: inside(view.suggest.skipFrom), askFrom: inside(view.suggest.askFrom) },
  };
}

/** A rule as the API tells it, in shares of 1. */
export function toRuleView(rule: MatchRule): MatchRuleView {
  return {
    fields: rule.fields.map((f) => ({
      ...f,
      weight: outside(f.weight),
      confidenceWeight: outside(f.confidenceWeight),
    })),
    threshold: outside(rule.threshold),
    suggest: { skipFrom: outside(rule.suggest.skipFrom), askFrom: outside(rule.suggest.askFrom) },
  };
}

function inside(share: number): number {
  return Math.round(share * THOUSANDTHS);
}

function outside(thousandths: number): number {
  return thousandths / THOUSANDTHS;
}

export const MatchingTrialBody = z.object({
  /** A rule to try; the collection's present one when left out. */
  rule: MatchRuleShape.optional(),
  mode: z.enum(["strict", "fuzzy", "off"]).default("fuzzy"),
  /** Sample pairs to show. */
  limit: z.number().int().min(0).max(100).default(20),
});
export type MatchingTrial = z.output<typeof MatchingTrialBody>;

type Data = Record<string, string | number | boolean>;

/** What matching would find; nothing is written. Counts are of the rows looked at. */
export interface MatchingTrialView {
  mode: "strict" | "fuzzy" | "off";
  /** Valid rows of the file, and how many of them were looked at: all, or some spread over the whole file. */
  rows: number;
  sampledRows: number;
  /** Records of the collection; each row was compared with all of them. */
  records: number;
  new: number;
  /** Rows that are a record already, by how that was found: its id in the file, its key, or likeness. */
  matched: { byId: number; byKey: number; fuzzy: number };
  /** Those found by likeness, by the action that their confidence suggests. */
  suggested: { skip: number; ask: number; overwrite: number };
  /** Pairs found by likeness, the most doubtful first. Shares are 0 … 1. */
  pairs: {
    row: number;
    incoming: Data;
    existing: { id: string; version: number; data: Data };
    score: number;
    confidence: number;
    suggestedAction: "skip" | "ask" | "overwrite";
    evidence: {
      field: string;
      comparator: string;
      weight: number;
      confidenceWeight: number;
      score: number;
    }[];
  }[];
}
