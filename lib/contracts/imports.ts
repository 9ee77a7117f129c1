import { z } from "zod";
import { pageQuery } from "@/lib/contracts/common";
import { FIELD_TYPES } from "@/lib/core/fields/types";

/** How a file is to be read; whatever is left out is detected. */
export const SourceShape = z.object({
  format: z.enum(["csv", "xlsx", "json"]).optional(),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().min(1).max(10).optional(),
  quote: z.string().max(1).optional(),
  escape: z.string().max(1).optional(),
  sheet: z.union([z.number().int().min(0), z.string().max(300)]).optional(),
  headerRow: z.number().int().min(0).max(10_000).optional(),
  dateOrder: z.enum(["ymd", "dmy", "mdy"]).optional(),
});

export const MappingEntryShape = z.union([
  z.object({
    column: z.string(),
    create: z.object({
      name: z.string().min(1).max(63),
      label: z.string().max(200).optional(),
      type: z.enum(FIELD_TYPES),
    }),
  }),
  z.object({ column: z.string(), field: z.string().nullable() }),
]);
export type MappingEntry = z.infer<typeof MappingEntryShape>;

export const STRATEGIES = ["merge", "replace", "skipExisting", "insertOnly", "updateOnly"] as const;
export const RESOLUTIONS = ["overwrite", "skip", "merge", "keepBoth"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const ImportOptionsShape = z.object({
  strategy: z.enum(STRATEGIES).default("merge"),
  matching: z
    .object({
      mode: z.enum(["strict", "fuzzy", "off"]).default("strict"),
      /** Field names whose equality makes two records the same one; the collection's own key when left out. */
      criteria: z.array(z.string()).optional(),
      threshold: z.number().min(0).max(1).default(0.8),
    })
    .prefault({}),
  onConflict: z.enum(["ask", ...RESOLUTIONS]).default("ask"),
  validation: z
    .object({
      /** One invalid row fails the import before anything is written. */
      strict: z.boolean().default(false),
      skipInvalid: z.boolean().default(true),
      rules: z.array(z.unknown()).default([]),
    })
    .prefault({}),
  preview: z.object({ sampleSize: z.number().int().min(1).max(500).default(20) }).prefault({}),
  safetyBackup: z.boolean().default(false),
  autoStart: z.boolean().default(true),
  /** Stop with the plan's counts before anything is applied, also when nothing clashes (the wizard's Check step). */
  stopBeforeApply: z.boolean().default(false),
});
export type ImportOptions = z.output<typeof ImportOptionsShape>;

export const NewCollectionShape = z.object({
  name: z.string().trim().min(1).max(200),
  template: z.enum(["trips", "study-sets", "cards", "study-cycles", "table"]).optional(),
});

export const StartImportBody = z
  .object({
    uploadId: z.uuid(),
    collectionId: z.uuid().optional(),
    newCollection: NewCollectionShape.optional(),
    source: SourceShape.optional(),
    mapping: z.array(MappingEntryShape).max(20_000).optional(),
    options: ImportOptionsShape.prefault({}),
  })
  .refine((b) => (b.collectionId === undefined) !== (b.newCollection === undefined), {
    path: ["collectionId"],
    message: "Give either collectionId or newCollection.",
  });
export type StartImport = z.output<typeof StartImportBody>;

/** The `options` part of a multipart import: everything but the upload. */
export const MultipartOptions = z
  .object({
    collectionId: z.uuid().optional(),
    newCollection: NewCollectionShape.optional(),
    source: SourceShape.optional(),
    mapping: z.array(MappingEntryShape).max(20_000).optional(),
    options: ImportOptionsShape.prefault({}),
  })
  .loose();

/** What may be changed while an import is a draft. A changed `source` detects the file again. */
export const ChangeMappingBody = z.object({
  mapping: z.array(MappingEntryShape).max(20_000).optional(),
  source: SourceShape.optional(),
  collectionId: z.uuid().optional(),
  newCollection: NewCollectionShape.optional(),
  /** Laid over the present options and then validated: a shape with defaults would reset what is left out. */
  options: z.record(z.string(), z.unknown()).optional(),
});
export type ChangeMapping = z.output<typeof ChangeMappingBody>;

export const BeginImportBody = z.object({ stopBeforeApply: z.boolean().optional() });

export const ResolveBody = z.object({
  globalStrategy: z.enum(RESOLUTIONS).optional(),
  specificResolutions: z
    .array(
      z.object({
        conflictId: z.string().max(80),
        resolution: z.enum(RESOLUTIONS),
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
});
export type ResolveImport = z.output<typeof ResolveBody>;

export const UndoBody = z.object({
  /** What happens to records that were edited after the import; without a word they are kept. */
  changedSince: z.enum(["keep", "revert"]).default("keep"),
  specificResolutions: z
    .array(z.object({ recordId: z.uuid(), resolution: z.enum(["keep", "revert"]) }))
    .max(100_000)
    .optional(),
});
export type UndoImport = z.output<typeof UndoBody>;

export const ROW_STATUSES = ["invalid", "new", "imported", "updated", "unchanged", "skipped"] as const;

/** What will happen (or happened), counted over all rows of the file. */
export interface PlanCounts {
  total: number;
  new: number;
  unchanged: number;
  toUpdate: number;
  conflicts: number;
  skipped: number;
  invalid: number;
  /** Rows whose key stands more than once in the file. They are counted in the other kinds as well. */
  duplicatesInFile: number;
}

export interface ImportFailure {
  code: string;
  message: string;
  where?: { row?: number; column?: number | string; byte?: number; sheet?: string };
}

export interface ImportResult {
  summary: {
    totalRecords: number;
    imported: number;
    updated: number;
    skipped: number;
    unchanged: number;
    failed: number;
  };
  /** Null when nothing was changed: there is nothing to undo. */
  journalId: string | null;
  durationMs: number;
  warnings: string[];
  recommendations: string[];
}

export interface CellIssue {
  field: string;
  value: string;
  code: string;
  message: string;
}

export const ImportPageQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export const PreviewQuery = z.object({ limit: z.coerce.number().int().min(1).max(50).default(20) });
export const RowsQuery = z.object({
  ...pageQuery({ max: 1000, standard: 50 }),
  status: z.enum(ROW_STATUSES).default("invalid"),
});
export const ConflictsQuery = z.object({
  ...pageQuery({ max: 500, standard: 50 }),
  kind: z.enum(["same-id", "same-key"]).optional(),
  minConfidence: z.coerce.number().min(0).max(1).optional(),
});
