import { z } from "zod";
import { pageQuery } from "@/lib/contracts/common";
import { RESOLUTIONS } from "@/lib/contracts/review";
import { FIELD_TYPES } from "@/lib/core/fields/types";

/** How a file is to be read; whatever is left out is detected. */
export const SourceShape = z.object({
  format: z.enum(["csv", "xlsx", "json", "ndjson"]).optional(),
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

export const ImportOptionsShape = z.object({
  strategy: z.enum(STRATEGIES).default("merge"),
  matching: z
    .object({
      mode: z.enum(["strict", "fuzzy", "off"]).default("strict"),
      /** Field names whose equality makes two records the same one; the collection's own key when left out. */
      criteria: z.array(z.string()).optional(),
      /** Score (0 … 1) from which on two records match fuzzily; the collection's own when left out. */
      threshold: z.number().min(0).max(1).optional(),
    })
    .prefault({}),
  onConflict: z.enum(["ask", ...RESOLUTIONS]).default("ask"),
  /** Fields that only the file changed since its last import update silently; off = every difference is a conflict. */
  threeWay: z.boolean().default(true),
  /** Names the source for three-way merging; the file's name without dates and copy marks when left out. */
  sourceName: z.string().trim().min(1).max(200).optional(),
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

export const UndoResolution = z.object({
  recordId: z.uuid(),
  resolution: z.enum(["keep", "revert"]),
  /** Other choices for single fields of a record that is still there. */
  fields: z.record(z.string(), z.enum(["keep", "revert"])).optional(),
});

export const UndoBody = z.object({
  /** What happens to records that were edited after the import; without a word they are kept. */
  changedSince: z.enum(["keep", "revert"]).default("keep"),
  specificResolutions: z.array(UndoResolution).max(100_000).optional(),
});
export type UndoImport = z.output<typeof UndoBody>;

export const ROW_STATUSES = [
  "invalid",
  "fixed",
  "new",
  "imported",
  "updated",
  "unchanged",
  "skipped",
] as const;

/** What will happen (or happened), counted over all rows of the file. */
export interface PlanCounts {
  total: number;
  new: number;
  unchanged: number;
  toUpdate: number;
  /** Records that the file does not have, and that "replace" removes. */
  toDelete: number;
  /** Rows that still need a decision. */
  conflicts: number;
  /** Rows that clash with a record, decided or not. */
  clashes: number;
  skipped: number;
  invalid: number;
  /** Rows whose key stands more than once in the file. They are counted in the other kinds as well. */
  duplicatesInFile: number;
  /** Reference fields with values that no record and no row of the file has. */
  danglingReferences: { field: string; rows: number; samples: { row: number; value: string }[] }[];
  /** The rows among them that differ from their record: only these can a decision change. */
  differing: {
    insert: number;
    update: number;
    unchanged: number;
    skip: number;
    ask: number;
    clashes: number;
  };
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
    deleted: number;
    skipped: number;
    unchanged: number;
    failed: number;
    /** Rows that a cancelled import, of which what is in was kept, did not come to. */
    notReached?: number;
  };
  /** Null when nothing was changed: there is nothing to undo. */
  journalId: string | null;
  /** Time at work: without the time in which it waited for a person. */
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

export const ImportPageQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  /** Only those that went into this collection. */
  collectionId: z.uuid().optional(),
});
export type ImportPage = z.output<typeof ImportPageQuery>;
export const PreviewQuery = z.object({ limit: z.coerce.number().int().min(1).max(50).default(20) });
export const RowsQuery = z.object({
  ...pageQuery({ max: 1000, standard: 50 }),
  status: z.enum(ROW_STATUSES).default("invalid"),
});

/** A failed row as it should read: texts by column (the others stay as they are), or all its cells in order. */
export const FixRowBody = z.object({
  values: z.union([z.record(z.string(), z.string()), z.array(z.string()).max(20_000)]),
});
export type FixRow = z.output<typeof FixRowBody>;

export const RowParams = z.object({
  id: z.uuid(),
  number: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

export const CancelBody = z.object({
  /** What an import that is being applied leaves: nothing (it is rolled back), or what is in already. */
  leave: z.enum(["nothing", "applied"]).default("nothing"),
});

/** What an undo would do; nothing has been changed yet. */
export interface UndoPreviewView {
  /** Records the import had made and nobody has edited since. */
  toRemove: number;
  /** Records that get back what they had before. */
  toRestore: number;
  /** Records the import had removed. */
  toReinsert: number;
  /** Edited since by hand: kept unless the person says otherwise. At most 1,000 are listed; all are counted. */
  changedSince: {
    recordId: string;
    kind: "inserted" | "updated";
    version: number;
    /** Fields that differ from what the import wrote. */
    fields: string[];
    /** Before the import (null: there was no such record), as the import wrote it, and now. */
    before: Record<string, string | number | boolean> | null;
    written: Record<string, string | number | boolean> | null;
    current: Record<string, string | number | boolean>;
  }[];
  changedSinceCount: number;
  /** Later imports that changed records of this one. */
  laterImports: LaterImport[];
}

/** An import that came after another one, into the same collection. */
export interface LaterImport {
  id: string;
  /** The restore that it is a part of; null for the import of a file. */
  restoreId: string | null;
  fileName: string;
  finishedAt: string;
  records: number;
}
