import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { backUp, carryOut, contentOf, plan, run } from "@/inngest/functions/testing/restores";
import type { RestoreView } from "@/lib/contracts/restores";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { deleteCollection } from "@/lib/services/collections/delete";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const COLLECTIONS = 3;
const value = fc.option(fc.constantFrom("a", "b", "c"), { nil: null });
/** Something somebody does by hand; what it names that is not there is passed over. */
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      in: fc.nat(COLLECTIONS - 1),
      a: value,
      b: value,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      in: fc.nat(COLLECTIONS - 1),
      nth: fc.nat(9),
      a: value,
      b: value,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("remove" as const), in: fc.nat(COLLECTIONS - 1), nth: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), in: fc.nat(COLLECTIONS - 1) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const FIELDS = ["key", "a", "b"].map((name) => ({ name, type: "text" as const }));

async function carryOutByHand(ctx: ServiceContext, ids: readonly string[], actions: readonly Action[]) {
  for (const one of actions) {
    const collectionId = ids[one.in]!;
    const [there] = await ctx.db.sql`select from collections where id = ${collectionId}`;
    if (!there) continue;
    if (one.do === "drop") {
      await deleteCollection(ctx, collectionId);
      continue;
    }
    const data: Record<string, string | null> = "a" in one ? { key: "k", a: one.a, b: one.b } : {};
    if (one.do === "add") {
      await createRecord(ctx, collectionId, { data });
      continue;
    }
    const [record] = await ctx.db.sql<{ id: string }[]>`
      select id from records where collection_id = ${collectionId} order by id offset ${one.nth} limit 1`;
    if (!record) continue;
    const at = { collectionId, recordId: record.id };
    if (one.do === "edit") await updateRecord(ctx, at, { data, expected: undefined });
    else await deleteRecord(ctx, at, undefined);
  }
}

type Records = Record<string, Record<string, string>>;
type Content = Record<string, { records: Records | null }>;

/** What each strategy promises, by today and the backup; a slow and plain second opinion. */
function expected(today: Content, backup: Content, strategy: "overwrite" | "skip" | "merge") {
  const counts = { add: 0, change: 0, delete: 0, unchanged: 0 };
  const result: Record<string, Records> = {};
  for (const id of new Set([...Object.keys(today), ...Object.keys(backup)])) {
    const [now, then] = [today[id]?.records ?? {}, backup[id]?.records ?? {}];
    const into: Records = (result[id] = {});
    if (!(id in backup)) {
      Object.assign(into, now);
      continue;
    }
    for (const record of new Set([...Object.keys(now), ...Object.keys(then)])) {
      const [is, was] = [now[record], then[record]];
      if (is === undefined) {
        counts.add++;
        into[record] = was!;
      } else if (was === undefined) {
        if (strategy === "overwrite") counts.delete++;
        else into[record] = is;
      } else {
        // Today's records descend from the backup's, so a merge never asks.
        const next = strategy === "overwrite" ? was : strategy === "skip" ? is : { ...was, ...is };
        into[record] = next;
        counts[same(next, is) ? "unchanged" : "change"]++;
      }
    }
  }
  return { counts, result };
}

const sorted = (data: object) => JSON.stringify(Object.entries(data).sort());
const same = (a: object, b: object) => sorted(a) === sorted(b);
const recordsOf = (content: Content) =>
  Object.fromEntries(Object.entries(content).map(([id, { records }]) => [id, records ?? {}]));

describe("a restore, whatever has happened since", () => {
  it.each(["overwrite", "skip", "merge"] as const)(
    "%s: counts are kept, and its undo and redo are exact",
    async (strategy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(action, { maxLength: 12 }),
          fc.array(action, { maxLength: 6 }),
          fc.array(action, { maxLength: 12 }),
          async (first, second, since) => {
            const ctx = await app.newUser();
            const ids: string[] = [];
            for (let n = 0; n < COLLECTIONS; n++) {
              ids.push((await createCollection(ctx, { name: `C${n}`, fields: FIELDS })).id);
            }
            await carryOutByHand(ctx, ids, first);
            await backUp(ctx);
            await carryOutByHand(ctx, ids, second);
            const backupId = await backUp(ctx, { type: "incremental" });
            const backup = (await contentOf(ctx)) as Content;
            await carryOutByHand(ctx, ids, since);
            const today = (await contentOf(ctx)) as Content;

            const { counts, result } = expected(today, backup, strategy);
            const preview = await plan(ctx, backupId, { globalStrategy: strategy });
            expect(preview.failure).toBeNull();
            expect(preview.counts).toMatchObject({ ...counts, conflicts: 0, invalid: 0 });
            const done = await carryOut(ctx, preview.id);
            expect(committed(done)).toEqual(counts);
            expect(recordsOf((await contentOf(ctx)) as Content)).toEqual(result);
            if (counts.add + counts.change + counts.delete === 0) return;
            await run(ctx, preview.id, "undo");
            expect(recordsOf((await contentOf(ctx)) as Content)).toEqual(withMade(recordsOf(today), done));
            await run(ctx, preview.id, "redo");
            expect(recordsOf((await contentOf(ctx)) as Content)).toEqual(result);
          },
        ),
        { numRuns: 8 },
      );
    },
  );
});

function committed({ result }: RestoreView) {
  return {
    add: result?.added,
    change: result?.changed,
    delete: result?.deleted,
    unchanged: result?.unchanged,
  };
}

/** A collection without records that came back has nothing to undo: it stays. */
function withMade(records: Record<string, Records>, { perCollection }: RestoreView) {
  const made = perCollection.filter((one) => one.status === "missing" && one.add === 0);
  return { ...records, ...Object.fromEntries(made.map((one) => [one.collectionId, {}])) };
}
