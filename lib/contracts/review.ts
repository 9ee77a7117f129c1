import { z } from "zod";
import { pageQuery } from "@/lib/contracts/common";

export const RESOLUTIONS = ["overwrite", "skip", "merge", "keepBoth"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/**
 * Why a row needs a decision (S5.3). same-id: the file states the id of a record whose content differs · same-key: equal
 * key, different content · fuzzy: alike by the collection's rule · changed-since-export: the record was edited after the
 * export that this file is · duplicate-in-file: the row's key stands more than once in the file.
 */
export const CONFLICT_KINDS = [
  "same-id",
  "same-key",
  "fuzzy",
  "changed-since-export",
  "duplicate-in-file",
] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

type Value = string | number | boolean;
export type ConflictData = Record<string, Value>;

export type FieldChoice = "existing" | "incoming" | { value: Value | null };

/** One row of the file that is a record of the collection already, with different content. */
export interface ConflictView {
  /** Stable over re-planning: the row's number. */
  id: string;
  kind: ConflictKind;
  row: number;
  /** What the file says; fields without a column are not in it. */
  incoming: ConflictData;
  existing: { id: string; version: number; updatedAt: string; data: ConflictData };
  /** What this source gave the record last time; null when it never did. */
  base: ConflictData | null;
  /** The record after what needs no decision: fields that only the file changed. "merge" starts from it. */
  merged: ConflictData;
  /** Fields in which the file and the record differ. */
  differingFields: string[];
  /** Those of them that were changed on both sides (or have no known base): only these need a decision. */
  clashingFields: string[];
  /** 0 … 1 */
  confidence: number;
  /** Parts of one. `weight` counts for whether the two match at all, `confidenceWeight` for how sure that is. */
  evidence: { field: string; weight: number; confidenceWeight: number; score: number; comparator: string }[];
  suggestedAction: "ask" | "skip" | "overwrite";
  /** The decision so far: the person's own for this row, or null when the rule for all holds. */
  resolution: { resolution: Resolution; fields: Record<string, Value | null> | null } | null;
}

export interface ConflictPage {
  items: ConflictView[];
  nextCursor: string | null;
  /** Conflicts in all, whatever the filter. */
  total: number;
  /** Those that meet the filter. */
  matching: number;
  /** Those without a decision of any kind. */
  unresolved: number;
}

const filter = {
  kind: z.enum(CONFLICT_KINDS).optional(),
  minConfidence: z.coerce.number().min(0).max(1).optional(),
  maxConfidence: z.coerce.number().min(0).max(1).optional(),
  /** Only conflicts in which this field clashes. */
  field: z.string().max(63).optional(),
};

export const ConflictsQuery = z.object({
  ...pageQuery({ max: 500, standard: 50 }),
  ...filter,
  state: z.enum(["all", "unresolved", "resolved"]).default("all"),
});
export type ConflictsFilter = Omit<z.output<typeof ConflictsQuery>, "limit" | "cursor">;

export const ResolveBody = z.object({
  /** Holds for every conflict without a decision of its own; "ask" takes it back. */
  globalStrategy: z.enum(["ask", ...RESOLUTIONS]).optional(),
  specificResolutions: z
    .array(
      z.object({
        conflictId: z.string().max(80),
        /** null takes the decision back. */
        resolution: z.enum(RESOLUTIONS).nullable(),
        fields: z
          .record(
            z.string(),
            z.union([
              z.enum(["existing", "incoming"]),
              z.object({ value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
            ]),
          )
          .optional(),
      }),
    )
    .max(100_000)
    .optional(),
  /** Decisions for every conflict that meets a filter ("all with confidence ≥ 0.9"); laid down in this order. */
  bulkResolutions: z
    .array(
      z.object({
        where: z.object({ ...filter, unresolvedOnly: z.boolean().default(true) }),
        resolution: z.enum(RESOLUTIONS).nullable(),
      }),
    )
    .max(100)
    .optional(),
  /** false keeps the decisions without going on with the import, also when none is open any more. */
  apply: z.boolean().optional(),
});
export type ResolveImport = z.output<typeof ResolveBody>;
