import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "@/lib/services/records/create";
import { updateRecord } from "@/lib/services/records/update";

/** Where a record is. */
export const at = (books: { id: string }, record: { id: string }) => ({
  collectionId: books.id,
  recordId: record.id,
});

export async function change(
  ctx: ServiceContext,
  books: { id: string },
  record: { id: string },
  data: Record<string, string | number | null>,
): Promise<void> {
  await updateRecord(ctx, at(books, record), { data, expected: undefined });
}

/** A collection of four books. */
export async function library(ctx: ServiceContext) {
  const fields = [
    { name: "title", type: "text" as const },
    { name: "pages", type: "integer" as const },
  ];
  const books = await createCollection(ctx, { name: "Books", fields });
  const records = [];
  for (let n = 1; n <= 4; n++) {
    records.push(await createRecord(ctx, books.id, { data: { title: `Book ${n}`, pages: n * 100 } }));
  }
  return { books, records };
}
