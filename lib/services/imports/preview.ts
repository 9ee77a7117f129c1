import { explainCell } from "@/lib/core/fields/coerce";
import { fieldOptions } from "@/lib/core/mapping/row-encoder";
import type { ImportPreview, PreviewCell, PreviewRow } from "@/lib/contracts/import-view";
import { findImport } from "@/db/queries/imports";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { suggestKey } from "./found-key";
import { loadImport } from "./running";
import { rowOptions } from "./row-options";

/** The first rows as they will be stored, cell by cell, with errors and corrections. Nothing is written. */
export async function previewImport(ctx: ServiceContext, id: string, limit: number): Promise<ImportPreview> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  const running = await loadImport(ctx, row);
  const { detection, target } = running;
  const options = rowOptions(detection, target);
  const fed = target.fields.flatMap((field, i) => {
    const column = target.columnIndexes[i] ?? -1;
    return column >= 0 || field.required ? [{ field, column, options: fieldOptions(field, options) }] : [];
  });
  const rows = detection.sampleRows.slice(0, limit).map((raw, i): PreviewRow => {
    const cells = fed.map(({ field, column, options }): PreviewCell => {
      const text = raw[column] ?? "";
      return { field: field.name, raw: text, ...explainCell(text, field, options) };
    });
    const values = Object.fromEntries(
      cells.flatMap((c) => (c.value === undefined ? [] : [[c.field, c.value]])),
    );
    return { number: i + 1, values, cells };
  });
  const suggestedKey = (await suggestKey(ctx, running)) ?? null;
  return { fields: fed.map((f) => f.field), rows, problems: target.problems, suggestedKey };
}
