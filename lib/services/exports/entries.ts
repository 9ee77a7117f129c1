import { withExportSnapshot, type ExportSnapshot } from "@/db/bulk/export-snapshot";
import { isWhole } from "@/db/bulk/export-where";
import { privacyStatement } from "@/lib/core/privacy/handling";
import { pseudonym, pseudonymHalves } from "@/lib/core/privacy/pseudonym";
import { AppError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { categoryTables } from "@/lib/services/exports/categories";
import { checkRequest } from "@/lib/services/exports/check-request";
import { csvPieces } from "@/lib/services/exports/csv-pieces";
import { jsonPieces } from "@/lib/services/exports/json-pieces";
import { linesPieces } from "@/lib/services/exports/lines-pieces";
import type { ExportPiece, ExportSource, ExportWish } from "@/lib/services/exports/piece";
import { planCollection, type CollectionPlan } from "@/lib/services/exports/plan-export";
import { privacyMode } from "@/lib/services/exports/plan-privacy";
import { pseudonymKey } from "@/lib/services/exports/pseudonym-key";
import { workbookPieces } from "@/lib/services/exports/workbook-pieces";

const WRITERS = { json: jsonPieces, csv: csvPieces, xlsx: workbookPieces, ndjson: linesPieces };

/**
 * Everything of an export from one snapshot of the database, at flat memory: how many records it has and what it
 * withholds, then its files with their bytes.
 * @throws AppError collection-gone when one that was asked for by name is there no longer
 */
export function exportPieces(
  ctx: SystemContext,
  ownerId: string,
  request: ExportWish,
): AsyncGenerator<ExportPiece> {
  const now = ctx.now();
  return withExportSnapshot(ctx.db, async function* (snapshot) {
    const source = await sourceOf(snapshot, ownerId, request, now);
    const total = source.counted.reduce((sum, { count }) => sum + count, 0);
    yield { kind: "counted", total, privacy: source.privacy };
    yield* WRITERS[request.format as keyof typeof WRITERS](source);
  });
}

async function sourceOf(
  snapshot: ExportSnapshot,
  ownerId: string,
  request: ExportWish,
  now: Date,
): Promise<ExportSource> {
  const collections = await snapshot.collections(ownerId, request.collections);
  refuseGone(request, collections.length);
  checkRequest(collections, request);
  const mode = privacyMode(request.privacy);
  if (mode === "anonymize") await snapshot.usePseudonymKey(pseudonymHalves(pseudonymKey(ownerId)));
  const pseudonymOf = (text: string) => pseudonym(text, pseudonymKey(ownerId));
  const context = { today: now.toISOString().slice(0, 10), pseudonymOf };
  const counted: { plan: CollectionPlan; count: number }[] = [];
  for (const collection of collections) {
    const plan = planCollection(collection, request, context);
    if (!plan) continue;
    // Whoever adds or removes records counts them in the same transaction.
    const count = isWhole(plan.selection) ? collection.recordCount : await snapshot.count(plan.selection);
    counted.push({ plan, count });
  }
  const privacy =
    mode &&
    privacyStatement(
      mode,
      counted.flatMap(({ plan }) => plan.withheld),
    );
  const categories = await categoryTables(snapshot, ownerId, request.categories ?? [], { mode, pseudonymOf });
  return { snapshot, request, now, counted, categories, privacy };
}

/** Something that was asked for by name must not be missing from the file without a word. */
function refuseGone({ collections, all }: ExportWish, found: number): void {
  if (all || collections === "all") return;
  const missing = new Set(collections).size - found;
  if (missing === 0) return;
  const what = missing === 1 ? "A collection was" : `${missing} collections were`;
  throw new AppError(
    409,
    "collection-gone",
    `${what} deleted before the export was made. Export what is left, or restore it first.`,
  );
}
