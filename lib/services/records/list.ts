import { findCollection } from "@/db/queries/collections";
import {
  countRecords,
  listRecords as listRows,
  type ListedRecord,
  type RecordPageQuery,
} from "@/db/queries/records-list";
import type { Page } from "@/lib/contracts/common";
import type { ListRecords, RecordView } from "@/lib/contracts/records";
import { NotFoundError } from "@/lib/platform/errors";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { decodeCursor, encodeCursor } from "./cursor";
import { conditionsOf, orderOf } from "./selection";
import { listedViews } from "./view";

/** Rows that are looked through one after the other before all of them are looked at in parallel. */
const SCAN_ROWS = 20_000;

/**
 * One page of a collection's records. Default order: as they came (by id). `total` is given when nothing is filtered,
 * or on request.
 * @throws NotFoundError, ValidationError
 */
export async function listRecords(
  ctx: ServiceContext,
  collectionId: string,
  query: ListRecords,
): Promise<Page<RecordView>> {
  const { orm } = ctx.db;
  const collection = await findCollection(orm, ctx.ownerId, collectionId);
  if (!collection) throw new NotFoundError("collection");
  const fields = storedFields(collection);
  const sort = query.sort ?? "id";
  const conditions = conditionsOf(fields, query.filter ?? [], query.q ?? "");
  const page: RecordPageQuery = {
    collectionId,
    conditions,
    order: orderOf(fields, sort),
    limit: query.limit + 1,
    ...(query.offset !== undefined && { offset: query.offset }),
    ...(query.cursor !== undefined && { after: decodeCursor(sort, query.cursor) }),
  };
  const rows = await pageRows(ctx, page, collection.recordCount);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const total =
    conditions.length === 0
      ? collection.recordCount
      : query.total
        ? await countRecords(orm, { collectionId, conditions })
        : undefined;
  return {
    items: await listedViews(orm, items),
    nextCursor:
      last && rows.length > query.limit ? encodeCursor(sort, { value: last.sort_value, id: last.id }) : null,
    ...(total !== undefined && { total }),
  };
}

async function pageRows(
  ctx: ServiceContext,
  page: RecordPageQuery,
  recordCount: number,
): Promise<ListedRecord[]> {
  const { orm } = ctx.db;
  const { order, conditions, offset = 0, limit } = page;
  if (order.by !== "id") return listRows(orm, page);
  if (conditions.length > 0) {
    const near = await listRows(orm, { ...page, scanRows: SCAN_ROWS });
    return near.length === limit || recordCount <= SCAN_ROWS ? near : listRows(orm, page);
  }
  if (offset <= recordCount / 2) return listRows(orm, page);
  // Past the middle, counting from the end reaches the place sooner.
  const take = Math.min(limit, recordCount - offset);
  if (take <= 0) return [];
  const fromEnd = await listRows(orm, {
    ...page,
    order: { by: "id", descending: !order.descending },
    offset: recordCount - offset - take,
    limit: take,
  });
  return fromEnd.reverse();
}
