import { z } from "zod";
import { Moment, pageQuery } from "./common";

export const RecordParams = z.object({ id: z.uuid(), recordId: z.uuid() });

const FILTER_OPERATORS = ["eq", "ne", "lt", "lte", "gt", "gte", "contains", "empty", "notEmpty"] as const;

export const FilterShape = z.strictObject({
  field: z.string().min(1),
  op: z.enum(FILTER_OPERATORS),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

export const FILTERS_MAX = 20;
const OFFSET_MAX = 5_000_000;

/**
 * `[{"field": "country", "op": "eq", "value": "France"}]`, or short: `country:eq:France,maxDays:gte:30`. In the short
 * form a value ends at the next comma; a value that holds one needs the JSON form.
 */
const FilterText = z
  .string()
  .max(20_000)
  .transform((text, check): unknown => {
    if (!text.trimStart().startsWith("[")) return shortFilters(text);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      check.addIssue({ code: "custom", message: "The filter begins like JSON but is none." });
      return z.NEVER;
    }
  })
  .pipe(z.array(FilterShape).max(FILTERS_MAX));

function shortFilters(text: string): unknown[] {
  const conditions = text.split(",").filter((part) => part.trim() !== "");
  return conditions.map((part) => {
    const [field, op, ...value] = part.split(":");
    return { field: field?.trim(), op: op?.trim(), ...(value.length > 0 && { value: value.join(":") }) };
  });
}

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

export const ListRecordsQuery = z
  .object({
    ...pageQuery({ max: 1_000, standard: 50 }),
    /** Skips that many rows, for jumping to a scroll position; the cursor is faster for reading on. */
    offset: z.coerce.number().int().min(0).max(OFFSET_MAX).optional(),
    /** Text that any value of the record contains, in any case. */
    q: z.string().trim().max(500).optional(),
    /** A field's name, "createdAt", "updatedAt" or "id"; "-" before it turns the order round. Empty values are last. */
    sort: z.string().max(100).optional(),
    filter: FilterText.optional(),
    /** Counts the matching records even where that takes a scan. */
    total: flag.optional(),
  })
  .refine((query) => query.cursor === undefined || query.offset === undefined, {
    path: ["offset"],
    message: "Give a cursor or an offset, not both.",
  });

const InputValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Values may be typed or text, as a file would have them; null and "" mean empty. */
export const RecordInput = z.object({ data: z.record(z.string(), InputValue) });

export const RecordShape = z.object({
  id: z.uuid(),
  version: z.number().int(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  createdAt: Moment,
  updatedAt: Moment,
  source: z.union([
    z.object({ kind: z.literal("hand") }),
    z.object({ kind: z.literal("import"), importId: z.uuid() }),
    z.object({ kind: z.literal("restore"), restoreId: z.uuid() }),
  ]),
});

export type RecordFilter = z.infer<typeof FilterShape>;
export type ListRecords = z.output<typeof ListRecordsQuery>;
export type RecordView = z.infer<typeof RecordShape>;
export type InputData = z.infer<typeof RecordInput>["data"];
