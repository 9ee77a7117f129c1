import { findCollection } from "@/db/queries/collections";
import { changeKey, hasForgottenJournal } from "@/db/queries/record-history";
import { findRecord } from "@/db/queries/records";
import type { HistoryItem, ListHistory, RecordHistory } from "@/lib/contracts/record-history";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { decodeCursor, encodeCursor } from "./cursor";
import { readHistory, type PastOfRecord } from "./read-history";

const SORT = "history";
/** Changes that are read at once while looking for what set each value. */
const BATCH = 100;

/**
 * Who or what changed a record, when, and what it was after each change; also of a record that has been deleted.
 * @throws NotFoundError, also for another user's record; ValidationError for a cursor that is none
 */
export async function getRecordHistory(
  ctx: ServiceContext,
  { collectionId, recordId }: { collectionId: string; recordId: string },
  query: ListHistory,
): Promise<RecordHistory> {
  const { orm } = ctx.db;
  const key = { ownerId: ctx.ownerId, collectionId, id: recordId };
  const collection = await findCollection(orm, ctx.ownerId, collectionId);
  if (!collection) throw new NotFoundError("record");
  // One snapshot: a change between the look at the record and the look at its changes would tear a gap.
  return orm.transaction(
    async (tx) => {
      const past = await readHistory(tx, key, await findRecord(tx, key));
      if (!past) throw new NotFoundError("record");
      const names = storedFields(collection).map((field) => field.name);
      const from = query.cursor === undefined ? 0 : placeAfter(past, query.cursor);
      const to = Math.min(from + query.limit, past.length);
      const items = await past.items(from, to, names);
      return {
        items,
        nextCursor: to < past.length ? cursorAt(past, to - 1, recordId) : null,
        ...(!past.complete && {
          truncatedBecause: (await hasForgottenJournal(tx, key)) ? "journal-expired" : "not-recorded",
        }),
        ...(from === 0 && { setBy: await setBy(past, items, names) }),
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

function cursorAt(past: PastOfRecord, place: number, recordId: string): string {
  return encodeCursor(SORT, { value: changeKey(past.links[place]!.change), id: recordId });
}

/** Changes are only ever added at the top, so what the cursor names stays where the next page begins. */
function placeAfter(past: PastOfRecord, cursor: string): number {
  const { value } = decodeCursor(SORT, cursor);
  const place = past.links.findIndex((link) => changeKey(link.change) === value);
  if (place === -1)
    throw new ValidationError("The list has changed; begin again.", undefined, "invalid-cursor");
  return place + 1;
}

/** Looks back until every present value's change is found, or the past is lost. */
async function setBy(
  past: PastOfRecord,
  newest: readonly HistoryItem[],
  names: readonly string[],
): Promise<NonNullable<RecordHistory["setBy"]>> {
  const open = new Set(Object.keys(newest[0]?.data ?? {}));
  const found: NonNullable<RecordHistory["setBy"]> = {};
  let items = newest;
  for (let place = 0; open.size > 0 && items.length > 0;) {
    for (const { changes, gap, version, at, kind, by } of items) {
      if (gap) return found;
      for (const { field } of changes) if (open.delete(field)) found[field] = { version, at, kind, by };
    }
    place += items.length;
    items = await past.items(place, place + BATCH, names);
  }
  return found;
}
