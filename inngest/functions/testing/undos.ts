import { expect } from "vitest";
import type { UndoImport } from "@/lib/contracts/imports";
import type { ServiceContext } from "@/lib/services/context";
import { startTestApp, type TestApp } from "../testing";

/** The app and the user of a test file, once it is open. */
export let app: TestApp;
export let ctx: ServiceContext;

export async function open(): Promise<void> {
  app = await startTestApp();
  ctx = await app.newUser();
}

export const close = () => app.close();

export const TRIPS = { newCollection: { name: "Trips", template: "trips" as const } };
export const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
export const LAOS = "Laos,2024-01-05,,Tourist,30,,\n";
export const PERU = "Peru,2024-01-06,,Tourist,,,\n";
export const CHILE = "Chile,2024-01-07,,Tourist,,,\n";

interface Row {
  id: string;
  version: number;
  data: Record<string, string | number | boolean>;
  source: string | null;
}

export async function recordsOf(collectionId: string | null): Promise<Row[]> {
  return [
    ...(await ctx.db.sql<Row[]>`select id, version, data, source_import_id as source from records
                                where collection_id = ${collectionId} order by id`),
  ];
}

export async function dataOf(collectionId: string | null) {
  return (await recordsOf(collectionId)).map((r) => r.data);
}

export async function recordIn(collectionId: string | null, country: string): Promise<Row> {
  return (await recordsOf(collectionId)).find((r) => r.data.country === country)!;
}

export async function edit(
  collectionId: string | null,
  country: string,
  data: Record<string, string | number | null>,
) {
  const { updateRecord } = await import("@/lib/services/records/update");
  const record = await recordIn(collectionId, country);
  await updateRecord(
    ctx,
    { collectionId: collectionId!, recordId: record.id },
    { data, expected: undefined },
  );
  return record.id;
}

export async function remove(collectionId: string | null, country: string) {
  const { deleteRecord } = await import("@/lib/services/records/delete");
  const record = await recordIn(collectionId, country);
  await deleteRecord(ctx, { collectionId: collectionId!, recordId: record.id }, undefined);
  return record.id;
}

export async function undo(id: string, input: UndoImport = { changedSince: "keep" }) {
  const { startUndo, undoOutcome } = await import("@/lib/services/imports/undo");
  await finished((await startUndo(ctx, id, input)).jobId);
  return await undoOutcome(ctx, id);
}

export async function redo(id: string) {
  const { startRedo } = await import("@/lib/services/imports/redo");
  const { undoOutcome } = await import("@/lib/services/imports/undo");
  await finished((await startRedo(ctx, id)).jobId);
  return await undoOutcome(ctx, id);
}

async function finished(jobId: string) {
  const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
  expect(await waitForJob(ctx, jobId, 60)).toMatchObject({ state: "completed", percentage: 100 });
}

export async function previewUndo(id: string) {
  const { previewImportUndo } = await import("@/lib/services/imports/undo");
  return await previewImportUndo(ctx, id);
}

export async function previewRedo(id: string) {
  const { previewImportRedo } = await import("@/lib/services/imports/redo");
  return await previewImportRedo(ctx, id);
}

/** What the undos and redos of an import have noted of single records. */
export async function notesOf(importId: string): Promise<string[]> {
  const rows = await ctx.db.sql<{ op: string }[]>`
    select u.op from undo_entries u join import_undos n on n.id = u.undo_id where n.import_id = ${importId} order by 1`;
  return rows.map((row) => row.op);
}

/** A collection with Laos, and an import over it that changes Laos and adds Peru and Chile. */
export async function twoImports() {
  const first = await app.importFile(ctx, HEADER + LAOS, TRIPS);
  const second = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,60,,\n${PERU}${CHILE}`, {
    collectionId: first.collectionId!,
    options: { onConflict: "overwrite" },
  });
  expect(second.result?.summary).toMatchObject({ imported: 2, updated: 1 });
  return { first, second, collectionId: first.collectionId };
}
