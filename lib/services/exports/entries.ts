import { withExportSnapshot, type ExportSnapshot } from "@/db/bulk/export-snapshot";
import type { CreateExport } from "@/lib/contracts/exports";
import { csvLine, withCrlf } from "@/lib/core/formats/csv/write";
import {
  COLLECTION_CLOSING,
  collectionOpening,
  EXPORT_CLOSING,
  exportOpening,
} from "@/lib/core/formats/json/write";
import { neutralise } from "@/lib/core/csv-safety";
import type { SystemContext } from "@/lib/services/context";
import { checkFields, planCollection, type CollectionPlan } from "@/lib/services/exports/plan-export";

/** What an export consists of, in order. An entry is one file of it; bytes belong to the entry before them. */
export type ExportPiece =
  | { kind: "counted"; total: number }
  | { kind: "entry"; name: string }
  /** `records` have been written with these bytes. */
  | { kind: "bytes"; bytes: Uint8Array; records: number };

const NEWLINE = 10;

/**
 * Everything of an export from one snapshot of the database, at flat memory: how many records it has, then its files
 * with their bytes. JSON is one file, CSV one for each collection.
 */
export function exportPieces(
  ctx: SystemContext,
  ownerId: string,
  request: CreateExport,
): AsyncGenerator<ExportPiece> {
  const now = ctx.now();
  return withExportSnapshot(ctx.db, async function* (snapshot) {
    const collections = await snapshot.collections(ownerId, request.collections);
    checkFields(collections, request);
    const today = now.toISOString().slice(0, 10);
    const counted: { plan: CollectionPlan; count: number }[] = [];
    for (const collection of collections) {
      const plan = planCollection(collection, request, today);
      if (plan) counted.push({ plan, count: await snapshot.count(selectionOf(plan, ownerId)) });
    }
    yield { kind: "counted", total: counted.reduce((sum, { count }) => sum + count, 0) };
    if (request.format === "csv")
      yield* csvPieces(
        snapshot,
        ownerId,
        request,
        counted.map((c) => c.plan),
      );
    else yield* jsonPieces(snapshot, ownerId, request, counted, now);
  });
}

async function* jsonPieces(
  snapshot: ExportSnapshot,
  ownerId: string,
  request: CreateExport,
  counted: readonly { plan: CollectionPlan; count: number }[],
  now: Date,
): AsyncIterable<ExportPiece> {
  yield { kind: "entry", name: "ferry-export.json" };
  yield text(exportOpening(now));
  for (const [i, { plan, count }] of counted.entries()) {
    const { id, name, template, keyFields } = plan.collection;
    const head = { id, name, template, fields: plan.fields, keyFields, recordCount: count };
    yield text(collectionOpening(head, i === 0));
    const shape = { metadata: request.includeMetadata ?? true, without: plan.without };
    let isFirst = true;
    for await (const chunk of snapshot.jsonRows(selectionOf(plan, ownerId), shape)) {
      // Every record comes with a comma before it; the first has nothing to be parted from.
      yield { kind: "bytes", bytes: isFirst ? chunk.subarray(1) : chunk, records: countLines(chunk) };
      isFirst = false;
    }
    yield text(COLLECTION_CLOSING);
  }
  yield text(EXPORT_CLOSING);
}

async function* csvPieces(
  snapshot: ExportSnapshot,
  ownerId: string,
  request: CreateExport,
  plans: readonly CollectionPlan[],
): AsyncIterable<ExportPiece> {
  const { bom, delimiter, formulaSafe } = request.csv;
  for (const plan of plans) {
    yield { kind: "entry", name: `${plan.collection.name}.csv` };
    const labels = plan.columns.map(({ label }) => (formulaSafe ? neutralise(label) : label));
    yield text((bom ? "\uFEFF" : "") + csvLine(labels, delimiter));
    const columns = plan.columns.map(({ column }) => column);
    for await (const { bytes, rows } of withCrlf(
      snapshot.csvRows(selectionOf(plan, ownerId), columns, delimiter),
    )) {
      yield { kind: "bytes", bytes, records: rows };
    }
  }
}

function selectionOf(plan: CollectionPlan, ownerId: string) {
  return { collectionId: plan.collection.id, ownerId, range: plan.range };
}

function text(content: string): ExportPiece {
  return { kind: "bytes", bytes: Buffer.from(content), records: 0 };
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
