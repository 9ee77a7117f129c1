import { z } from "zod";
import { Moment, pageQuery } from "@/lib/contracts/common";

/** Every format of S8.1. Those not in `AVAILABLE_EXPORT_FORMATS` are refused by name. */
export const EXPORT_FORMATS = ["json", "csv", "xlsx", "ndjson", "apkg"] as const;
export const AVAILABLE_EXPORT_FORMATS = ["json", "csv"] as const;
export type ExportFormat = (typeof AVAILABLE_EXPORT_FORMATS)[number];

const Day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

export const CsvOptionsShape = z.object({
  /** A byte order mark at the start: some spreadsheets take UTF-8 for something else without it. */
  bom: z.boolean().default(false),
  delimiter: z.enum([",", ";", "\t", "|"]).default(","),
  /** Guards text that a spreadsheet would run as a formula by an apostrophe; an import takes it away again. */
  formulaSafe: z.boolean().default(true),
});

export const CreateExportBody = z.object({
  format: z.enum(EXPORT_FORMATS),
  collections: z.union([z.literal("all"), z.array(z.uuid()).min(1).max(1_000)]).default("all"),
  categories: z.array(z.string()).optional(),
  /** Names of the fields to take, in the order of their columns; all when left out. */
  fields: z.array(z.string().max(200)).min(1).max(2_000).optional(),
  /** Left-out `field`: the first date of the collection, else the time of the record's creation. */
  dateRange: z
    .object({ field: z.string().max(200).optional(), start: Day.optional(), end: Day.optional() })
    .optional(),
  /** Version, times and source of each record. JSON has them unless told otherwise, CSV only when told. */
  includeMetadata: z.boolean().optional(),
  compression: z
    .object({ algorithm: z.enum(["gzip", "zip"]), level: z.number().int().min(1).max(9).default(6) })
    .optional(),
  privacy: z
    .object({ excludePersonalData: z.boolean().optional(), anonymize: z.boolean().optional() })
    .optional(),
  csv: CsvOptionsShape.prefault({}),
});
export type CreateExport = z.output<typeof CreateExportBody>;

export const ExportShape = z.object({
  id: z.uuid(),
  jobId: z.uuid(),
  state: z.enum(["pending", "processing", "completed", "failed", "cancelled"]),
  format: z.enum(EXPORT_FORMATS),
  fileName: z.string(),
  contentType: z.string(),
  /** Bytes of the file, once it is made. */
  size: z.number().int().nullable(),
  sha256: z.string().nullable(),
  /** Where the finished file is fetched; null until then. */
  downloadUrl: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: Moment,
  finishedAt: Moment.nullable(),
  expiresAt: Moment,
});
export type Export = z.output<typeof ExportShape>;

export const ListExportsQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export type ListExports = z.output<typeof ListExportsQuery>;

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

/** `GET /api/v1/collections/{id}/export`: one collection as a file, at once. */
export const DirectExportQuery = z.object({
  format: z.enum(EXPORT_FORMATS).default("json"),
  bom: flag.optional(),
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  formulaSafe: flag.optional(),
});
export type DirectExport = z.output<typeof DirectExportQuery>;
