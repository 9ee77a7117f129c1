import { z } from "zod";
import { Moment, pageQuery } from "@/lib/contracts/common";
import { FILTERS_MAX, FilterShape } from "@/lib/contracts/records";

/** Every format of S8.1. Those not in `AVAILABLE_EXPORT_FORMATS` are refused by name. */
export const EXPORT_FORMATS = ["json", "csv", "xlsx", "ndjson", "apkg"] as const;
export const AVAILABLE_EXPORT_FORMATS = ["json", "csv", "xlsx", "ndjson"] as const;
export type ExportFormat = (typeof AVAILABLE_EXPORT_FORMATS)[number];

/** Data of an account besides its collections. */
export const EXPORT_CATEGORIES = ["preferences", "notifications", "analytics"] as const;
export type ExportCategory = (typeof EXPORT_CATEGORIES)[number];

/** Collections one export may name; `all` may be more. */
const COLLECTIONS_MAX = 10_000;

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
  /** None at all only together with categories. */
  collections: z.union([z.literal("all"), z.array(z.uuid()).max(COLLECTIONS_MAX)]).default("all"),
  categories: z.array(z.enum(EXPORT_CATEGORIES)).max(EXPORT_CATEGORIES.length).optional(),
  /** Names of the fields to take, in the order of their columns; all when left out. */
  fields: z.array(z.string().max(200)).min(1).max(2_000).optional(),
  /** Left-out `field`: the first date of the collection, else the time of the record's creation. */
  dateRange: z
    .object({ field: z.string().max(200).optional(), start: Day.optional(), end: Day.optional() })
    .optional(),
  /** Conditions as the record list has them; all must hold. A collection without such a field is left out. */
  filter: z.array(FilterShape).max(FILTERS_MAX).optional(),
  /** Version, times and source of each record. JSON and NDJSON have them unless told otherwise, tables only when told. */
  includeMetadata: z.boolean().optional(),
  compression: z
    .object({ algorithm: z.enum(["gzip", "zip"]), level: z.number().int().min(1).max(9).default(6) })
    .optional(),
  /** About fields that are marked as personal; to leave them out goes before pseudonyms. */
  privacy: z
    .object({ excludePersonalData: z.boolean().optional(), anonymize: z.boolean().optional() })
    .optional(),
  csv: CsvOptionsShape.prefault({}),
});
export type CreateExport = z.output<typeof CreateExportBody>;
export type CreateExportInput = z.input<typeof CreateExportBody>;

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
  /** What it holds, in the words of the request. */
  request: z.object({
    collections: z.number().int(),
    categories: z.array(z.enum(EXPORT_CATEGORIES)),
    privacy: z.enum(["exclude", "anonymize"]).nullable(),
    filtered: z.boolean(),
  }),
  /** Where the finished file is fetched, signed: whoever has this address may, until it expires. Null until then. */
  downloadUrl: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: Moment,
  finishedAt: Moment.nullable(),
  expiresAt: Moment,
});
export type Export = z.output<typeof ExportShape>;

export const ListExportsQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export type ListExports = z.output<typeof ListExportsQuery>;

/** The signature of a download link; without one, the session or token of its owner is needed. */
export const DownloadQuery = z.object({
  expires: z.string().max(20).optional(),
  signature: z.string().max(100).optional(),
});

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

/** `GET /api/v1/collections/{id}/export`: one collection as a file, at once. */
export const DirectExportQuery = z.object({
  format: z.enum(EXPORT_FORMATS).default("json"),
  bom: flag.optional(),
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  formulaSafe: flag.optional(),
});
export type DirectExport = z.output<typeof DirectExportQuery>;
