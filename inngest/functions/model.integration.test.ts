import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { STRATEGIES } from "@/lib/contracts/imports";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { startRedo } from "@/lib/services/imports/redo";
import { resolveImport } from "@/lib/services/imports/resolve";
import { startUndo } from "@/lib/services/imports/undo";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";
import { startTestApp, type TestApp } from "./testing";
import { CollectionModel, type Data, DECISIONS, type ModelFile } from "./testing/collection-model";

/** The same histories in every test run; MODEL_RUNS and MODEL_SEED look at others. */
const RUNS = Number(process.env.MODEL_RUNS ?? 6);
const SEED = Number(process.env.MODEL_SEED ?? 1);
const KEY = ["country", "entryDate", "visaType"];
const LABELS: Record<string, string> = { maxDays: "Max Days", notes: "Notes" };
const SECONDS_MAX = 60;

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

/** The fields that a source has columns for, the same in each of its files. */
const fields = fc.constantFrom(["maxDays", "notes"], ["maxDays", "notes"], ["maxDays"], ["notes"]);
const row = fc.record({
  key: fc.constantFrom("A", "B", "C", "D", "E"),
  maxDays: fc.constantFrom(undefined, 1, 2, 3),
  notes: fc.constantFrom(undefined, "a", "b"),
  isInvalid: fc.constantFrom(...(Array(14).fill(false) as boolean[]), true),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("import" as const),
      source: fc.constantFrom("alpha" as const, "alpha" as const, "beta" as const),
      strategy: fc.constantFrom("merge" as const, "merge" as const, ...STRATEGIES),
      matching: fc.constantFrom(...(Array(9).fill("strict") as "strict"[]), "off" as const),
      threeWay: fc.constantFrom(true, true, true, true, false),
      rows: fc.array(row, { minLength: 1, maxLength: 7 }),
      onConflict: fc.constantFrom("ask" as const, "ask" as const, ...DECISIONS),
      decision: fc.constantFrom(...DECISIONS),
      exception: fc.constantFrom(undefined, ...DECISIONS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      which: fc.nat(1000),
      field: fc.constantFrom("maxDays", "notes"),
      value: fc.constantFrom(null, 7, 8),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), which: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("undo" as const), which: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("redo" as const), which: fc.nat(1000) }) },
);
const history = fc.record({
  columns: fc.record({ alpha: fields, beta: fields }),
  steps: fc.array(step, { minLength: 4, maxLength: 14 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type ImportStep = Extract<Step, { do: "import" }>;

/** The collection and its model, side by side. */
class Pair {
  readonly model = new CollectionModel();
  /** By their numbers in the model. */
  readonly importIds: string[] = [];
  private readonly prefixes: string[] = [];
  constructor(
    readonly collectionId: string,
    private readonly columns: Record<ImportStep["source"], readonly string[]>,
  ) {}

  private realId(id: string): string {
    const [number, rowNumber] = id.split(":").map(Number);
    return this.prefixes[number!]! + rowNumber!.toString(16).padStart(8, "0");
  }

  async take(action: Step): Promise<void> {
    if (action.do === "import") return this.importFile(action);
    if (action.do === "undo" || action.do === "redo") return this.turn(action.do, action.which);
    const ids = [...this.model.records.keys()];
    if (ids.length === 0) return;
    const id = ids[action.which % ids.length]!;
    const key = { collectionId: this.collectionId, recordId: this.realId(id) };
    if (action.do === "delete") {
      await deleteRecord(ctx, key, undefined);
      this.model.remove(id);
      return;
    }
    const value = action.field === "notes" && action.value !== null ? `typed ${action.value}` : action.value;
    // An edit that changes nothing is none.
    if ((this.model.records.get(id)!.data[action.field] ?? null) === value) return;
    await updateRecord(ctx, key, { data: { [action.field]: value }, expected: undefined });
    this.model.edit(id, action.field, value);
  }

  private async importFile(action: ImportStep): Promise<void> {
    const { strategy, matching, threeWay, source, onConflict } = action;
    const mapped = this.columns[source];
    const file: ModelFile = {
      ...{ source, strategy, matching, threeWay },
      fields: [...KEY, ...mapped],
      rows: action.rows.map((r) => (r.isInvalid ? null : dataOf(r, mapped))),
    };
    const conflicts = this.model.conflicts(file, KEY);
    let view = await app.importFile(ctx, csv(action.rows, mapped), {
      collectionId: this.collectionId,
      name: `${source}.csv`,
      options: { strategy, matching: { mode: matching }, threeWay, sourceName: source, onConflict },
    });
    this.importIds.push(view.id);
    const [stored] = await ctx.db.sql<{ prefix: string }[]>`
      select id_prefix as prefix from imports where id = ${view.id}`;
    this.prefixes.push(stored!.prefix);

    const isAsked = onConflict === "ask" && conflicts.length > 0;
    expect(view.state === "awaiting_review", "is asked").toBe(isAsked);
    const except = isAsked && action.exception ? conflicts[0] : undefined;
    if (isAsked) {
      expect(view.counts).toMatchObject({ conflicts: conflicts.length, clashes: conflicts.length });
      await resolveImport(ctx, view.id, {
        globalStrategy: action.decision,
        ...(except !== undefined && {
          specificResolutions: [{ conflictId: String(except), resolution: action.exception! }],
        }),
      });
      view = await app.settled(ctx, view.id);
    }
    const counts = this.model.importFile(file, KEY, (number) =>
      number === except ? action.exception! : onConflict === "ask" ? action.decision : onConflict,
    );
    expect(view.failure).toBeNull();
    expect(view.counts, "the plan counts what the model does").toMatchObject({ ...counts, conflicts: 0 });
    expect(view.result!.summary, "the plan's counts are the result's").toEqual({
      totalRecords: action.rows.length,
      imported: counts.new,
      updated: counts.toUpdate,
      deleted: counts.toDelete,
      skipped: counts.skipped + counts.unchanged,
      unchanged: counts.unchanged,
      failed: counts.invalid,
    });
  }

  private async turn(kind: "undo" | "redo", which: number): Promise<void> {
    const changed = this.model.imports
      .map((made, number) => ({ ...made, number }))
      .filter((made) => made.effects.length > 0 && made.undone === (kind === "redo"));
    if (changed.length === 0) return;
    const { number } = changed[which % changed.length]!;
    const id = this.importIds[number]!;
    const { jobId } =
      kind === "undo" ? await startUndo(ctx, id, { changedSince: "keep" }) : await startRedo(ctx, id);
    expect(await waitForJob(ctx, jobId, SECONDS_MAX)).toMatchObject({ state: "completed" });
    this.model[kind](number);
  }

  async compare(): Promise<void> {
    const stored = await ctx.db.sql<{ id: string; data: Data; source: string | null }[]>`
      select id, data, source_import_id as source from records
      where collection_id = ${this.collectionId} order by id`;
    const modelled = [...this.model.records.values()].map(({ id, data, writer }) => ({
      id: this.realId(id),
      data,
      source: writer === null ? null : this.importIds[writer]!,
    }));
    expect([...stored]).toEqual(modelled.sort((a, b) => (a.id < b.id ? -1 : 1)));
    const [counted] = await ctx.db.sql<{ records: number; writer: string | null }[]>`
      select record_count as records, writer_id as writer from collections where id = ${this.collectionId}`;
    expect(counted).toEqual({ records: modelled.length, writer: null });
  }
}

type Row = ImportStep["rows"][number];

function valueOf(row: Row, field: string): string | number | undefined {
  return field === "maxDays" ? row.maxDays : row.notes;
}

function dataOf(row: Row, mapped: readonly string[]): Data {
  const data: Data = { country: "Japan", entryDate: "2024-02-01", visaType: row.key };
  for (const field of mapped) {
    const value = valueOf(row, field);
    if (value !== undefined) data[field] = value;
  }
  return data;
}

function csv(rows: readonly Row[], mapped: readonly string[]): string {
  const header = ["Country", "Entry Date", "Visa Type", ...mapped.map((f) => LABELS[f]!)].join(",");
  const lines = rows.map((r) =>
    [
      "Japan",
      r.isInvalid ? "2024-02-31" : "2024-02-01",
      r.key,
      ...mapped.map((f) => String(valueOf(r, f) ?? "")),
    ].join(","),
  );
  return `${header}\n${lines.join("\n")}\n`;
}

it(
  "ends with what a simple model has, after every step of any history",
  async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ columns, steps }) => {
        const made = await createCollection(ctx, { name: "Trips", template: "trips" });
        const pair = new Pair(made.id, columns);
        for (const action of steps) {
          await pair.take(action);
          await pair.compare();
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  },
  RUNS * 60_000,
);
