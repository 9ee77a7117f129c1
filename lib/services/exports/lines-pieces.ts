import { collectionLine, linesOpening } from "@/lib/core/formats/ndjson/write";
import type { ExportPiece, ExportSource } from "@/lib/services/exports/piece";
import { exportedCollection, headOf } from "@/lib/services/exports/json-pieces";
import { countLines, text } from "@/lib/services/exports/piece";

/** NDJSON: a line about everything, then one line for each record. */
export async function* linesPieces(source: ExportSource): AsyncIterable<ExportPiece> {
  const { snapshot, request, counted } = source;
  yield { kind: "entry", name: "ferry-export.ndjson" };
  const collections = counted.map(({ plan, count }) => exportedCollection(plan, count));
  yield text(linesOpening(headOf(source), collections));
  for (const { plan } of counted) {
    if (counted.length > 1) yield text(collectionLine(plan.collection.id));
    const shape = { metadata: request.includeMetadata ?? true, ...plan.data };
    for await (const bytes of snapshot.jsonRows(plan.selection, shape, "")) {
      yield { kind: "bytes", bytes, records: countLines(bytes) };
    }
  }
}
