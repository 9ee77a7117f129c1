import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServiceContext } from "@/lib/services/context";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const HEADER = "Country,Entry Date,Visa Type,Max Days\n";

interface ModelRecord {
  /** What makes it this record and no other: the import that made it, and its key. */
  id: string;
  key: number;
  days: number | undefined;
  notes: string | undefined;
  /** The import that wrote it last; null = by hand. */
  writer: string | null;
  /** Another for every change. */
  stamp: number;
}
type State = Pick<ModelRecord, "days" | "notes" | "writer">;
interface Effect {
  id: string;
  key: number;
  before: State | null;
  inForce: boolean;
  /** What the last undo took away, and the record's stamp after it. */
  taken?: { image: State; stamp: number };
}
interface ModelImport {
  id: string;
  undone: boolean;
  effects: Effect[];
}

/** What Ferry is to do, said as simply as possible: one record after the other, in memory. */
class Model {
  records = new Map<string, ModelRecord>();
  imports: ModelImport[] = [];
  private stamps = 0;

  byKey(key: number): ModelRecord | undefined {
    return [...this.records.values()].find((r) => r.key === key);
  }

  write(record: Omit<ModelRecord, "stamp">): void {
    this.records.set(record.id, { ...record, stamp: ++this.stamps });
  }

  applyImport(id: string, rows: Map<number, number>): void {
    const effects: Effect[] = [];
    for (const [key, days] of rows) {
      const found = this.byKey(key);
      if (found?.days === days) continue;
      effects.push({
        id: found?.id ?? `${id}:${key}`,
        key,
        before: found ? state(found) : null,
        inForce: true,
      });
      this.write({ id: found?.id ?? `${id}:${key}`, key, days, notes: found?.notes, writer: id });
    }
    this.imports.push({ id, undone: false, effects });
  }

  undo(of: ModelImport, reverts: boolean): void {
    for (const effect of of.effects) {
      effect.taken = undefined;
      const record = this.records.get(effect.id);
      if (!effect.inForce || !record || (record.writer !== of.id && !reverts)) continue;
      const image = state(record);
      if (effect.before) this.write({ ...record, ...effect.before });
      else this.records.delete(effect.id);
      effect.taken = { image, stamp: this.stamps };
    }
    of.undone = true;
  }

  redo(of: ModelImport): void {
    for (const effect of of.effects) {
      if (!effect.taken) continue;
      const record = this.records.get(effect.id);
      if (!effect.before) this.write({ id: effect.id, key: effect.key, ...effect.taken.image });
      else if (record && (record.stamp === effect.taken.stamp || sameState(record, effect.before))) {
        this.write({ ...record, ...effect.taken.image });
      } else effect.inForce = false;
    }
    of.undone = false;
  }

  /** Bringing records back beside others with their keys would make matching a matter of order. */
  canRedo(of: ModelImport): boolean {
    return of.undone && of.effects.every((e) => e.before !== null || !e.taken || !this.byKey(e.key));
  }

  content(): string[] {
    return [...this.records.values()]
      .map((r) => `${r.key} ${r.days ?? "-"} ${r.notes ?? "-"} ${r.writer ?? "by hand"}`)
      .sort();
  }
}

const state = ({ days, notes, writer }: ModelRecord): State => ({ days, notes, writer });
const sameState = (a: State, b: State) => a.days === b.days && a.notes === b.notes && a.writer === b.writer;

const key = fc.nat(5);
const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("import" as const),
      rows: fc.uniqueArray(fc.tuple(key, fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        selector: ([k]) => k,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("edit" as const), key, notes: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), key }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("undo" as const), which: fc.nat(9), reverts: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("redo" as const), which: fc.nat(9) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function perform(model: Model, collectionId: string, op: Operation): Promise<void> {
  const { startUndo } = await import("@/lib/services/imports/undo");
  const { startRedo } = await import("@/lib/services/imports/redo");
  const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
  const done = async ({ jobId }: { jobId: string }) =>
    expect(await waitForJob(ctx, jobId, 60)).toMatchObject({ state: "completed" });
  switch (op.do) {
    case "import": {
      const csv = op.rows.map(([k, days]) => `Peru,2024-01-06,Visa ${k},${days}\n`).join("");
      const view = await app.importFile(ctx, HEADER + csv, {
        collectionId,
        options: { onConflict: "overwrite", threeWay: false },
      });
      expect(view.state).toBe("completed");
      return model.applyImport(view.id, new Map(op.rows));
    }
    case "edit":
    case "remove": {
      const target = model.byKey(op.key);
      if (!target) return;
      const [row] = await ctx.db.sql<{ id: string }[]>`select id from records
        where collection_id = ${collectionId} and data ->> 'visaType' = ${`Visa ${op.key}`}`;
      const which = { collectionId, recordId: row!.id };
      if (op.do === "remove") {
        const { deleteRecord } = await import("@/lib/services/records/delete");
        await deleteRecord(ctx, which, undefined);
        model.records.delete(target.id);
      } else {
        const { updateRecord } = await import("@/lib/services/records/update");
        await updateRecord(ctx, which, { data: { notes: `note ${op.notes}` }, expected: undefined });
        model.write({ ...target, notes: `note ${op.notes}`, writer: null });
      }
      return;
    }
    case "undo": {
      const standing = model.imports.filter((i) => !i.undone);
      const chosen = standing[op.which % standing.length];
      if (!chosen) return;
      await done(await startUndo(ctx, chosen.id, { changedSince: op.reverts ? "revert" : "keep" }));
      return model.undo(chosen, op.reverts);
    }
    case "redo": {
      const undone = model.imports.filter((i) => model.canRedo(i));
      const chosen = undone[op.which % undone.length];
      if (!chosen) return;
      await done(await startRedo(ctx, chosen.id));
      return model.redo(chosen);
    }
  }
}

async function contentOf(collectionId: string): Promise<string[]> {
  const rows = await ctx.db.sql<{ data: Record<string, string | number>; source: string | null }[]>`
    select data, source_import_id as source from records where collection_id = ${collectionId}`;
  const [{ count } = { count: -1 }] = await ctx.db.sql<{ count: number }[]>`
    select record_count as count from collections where id = ${collectionId}`;
  expect(count).toBe(rows.length);
  return rows
    .map(({ data, source }) => {
      const number = String(data.visaType).replace("Visa ", "");
      return `${number} ${data.maxDays ?? "-"} ${data.notes ?? "-"} ${source ?? "by hand"}`;
    })
    .sort();
}

/** What was seen of records as time went by: id, version and content. */
async function sightings(collectionId: string): Promise<string[]> {
  const rows = await ctx.db.sql<{ id: string; version: number; data: object }[]>`
    select id, version, data from records where collection_id = ${collectionId}`;
  return rows.map(({ id, version, data }) => sighting(id, version, data));
}

const sighting = (id: string, version: number, data: object) =>
  `${id} ${version} ${JSON.stringify(Object.entries(data).toSorted())}`;

/** A record's past is what was seen of it, the whole of it, whatever undos and redos had noted. */
async function expectHistories(collectionId: string, seen: ReadonlySet<string>): Promise<void> {
  const { getRecordHistory } = await import("@/lib/services/records/history");
  const rows = await ctx.db.sql<
    { id: string }[]
  >`select id from records where collection_id = ${collectionId}`;
  for (const { id } of rows) {
    const past = await getRecordHistory(ctx, { collectionId, recordId: id }, { limit: 100 });
    for (const { version, data, gap } of past.items) {
      if (data !== null && !gap) expect(seen).toContain(sighting(id, version, data));
    }
    expect(past.truncatedBecause).toBeUndefined();
  }
}

it(
  "after any sequence of imports, edits, undos and redos holds what a simple model says",
  { timeout: 300_000 },
  async () => {
    const { createCollection } = await import("@/lib/services/collections/create");
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 12, maxLength: 16 }), async (operations) => {
        const { id } = await createCollection(ctx, { name: "Model", template: "trips" });
        const model = new Model();
        const seen = new Set<string>();
        for (const op of operations) {
          await perform(model, id, op);
          expect(await contentOf(id), JSON.stringify(op)).toEqual(model.content());
          for (const one of await sightings(id)) seen.add(one);
        }
        await expectHistories(id, seen);
      }),
      { numRuns: Number(process.env.UNDO_MODEL_RUNS ?? 4), endOnFailure: true },
    );
  },
);
