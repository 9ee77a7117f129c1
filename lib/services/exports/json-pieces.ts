import {
  COLLECTION_CLOSING,
  collectionOpening,
  EXPORT_CLOSING,
  exportOpening,
  type ExportedCollection,
  type ExportHead,
} from "@/lib/core/formats/json/write";
import { categoryValues } from "@/lib/services/exports/categories";
import type { ExportPiece, ExportSource } from "@/lib/services/exports/piece";
import { countLines, text } from "@/lib/services/exports/piece";
import type { CollectionPlan } from "@/lib/services/exports/plan-export";

/** One JSON document. */
export async function* jsonPieces(source: ExportSource): AsyncIterable<ExportPiece> {
  const { snapshot, request, counted } = source;
  yield { kind: "entry", name: "ferry-export.json" };
  yield text(exportOpening(headOf(source)));
  for (const [i, { plan, count }] of counted.entries()) {
    yield text(collectionOpening(exportedCollection(plan, count), i === 0));
    const shape = { metadata: request.includeMetadata ?? true, ...plan.data };
    let isFirst = true;
    for await (const chunk of snapshot.jsonRows(plan.selection, shape, ",")) {
      // Every record comes with a comma before it; the first has nothing to be parted from.
      yield { kind: "bytes", bytes: isFirst ? chunk.subarray(1) : chunk, records: countLines(chunk) };
      isFirst = false;
    }
    yield text(COLLECTION_CLOSING);
  }
  yield text(EXPORT_CLOSING);
}

export function headOf({ now, privacy, categories }: ExportSource): ExportHead {
  return {
    exportedAt: now,
    ...(privacy ? { privacy } : {}),
    ...(categories.length > 0 ? { categories: categoryValues(categories) } : {}),
  };
}

export function exportedCollection(plan: CollectionPlan, recordCount: number): ExportedCollection {
  const { id, name, template } = plan.collection;
  return { id, name, template, fields: plan.fields, keyFields: plan.keyFields, recordCount };
}
