import type { ServiceContext } from "@/lib/services/context";
import { difference, readContent, violations, type Content } from "./content";
import { dataSet, type DataSet } from "./data";
import { insist } from "./insist";
import { played, type Outcome } from "./played";
import { person, type Into, type Person } from "./person";
import type { Scenario } from "./scenario";
import { struck } from "./struck";
import { oneWorker, type World } from "./world";

/** What a run without a fault leaves: before the import, after it, after its undo, after its redo. */
export interface Reference {
  before: Content;
  after: Content;
  undone: Content;
  redone: Content;
  summary: string;
}

const references = new Map<string, Promise<Reference>>();

/** Runs one scenario in the world and says how it ended. Leaves nothing behind but a world in which all runs. */
export async function runScenario(world: World, scenario: Scenario): Promise<Outcome> {
  const { kind, dataSeed } = scenario;
  const key = `${kind} ${dataSeed}`;
  const data = dataSet(kind, dataSeed);
  await oneWorker(world);
  if (!references.has(key)) references.set(key, makeReference(world, data));
  const reference = await references.get(key)!;
  if (scenario.fault.stepSecondsMax) await oneWorker(world, scenario.fault.stepSecondsMax);
  return await played(world, {
    play: (ctx, problems) => play(world, ctx, scenario, data, reference, problems),
    violations: (ownerId) => violations(world.db.sql, ownerId),
  });
}

async function play(
  world: World,
  ctx: ServiceContext,
  scenario: Scenario,
  data: DataSet,
  reference: Reference,
  problems: string[],
): Promise<{ state: string; verdict: "done" | "as before" }> {
  const { sql } = world.db;
  const who = person(world, ctx);
  const look = () => insist(() => readContent(sql, ctx.ownerId));
  const compare = (what: string, expected: Content, found: Content) => {
    if (expected.hash !== found.hash) problems.push(`${what}: ${difference(expected, found)}`);
  };

  const into = await bringBase(world, who, data);
  const before = await look();
  compare("before the import", reference.before, before);

  const revision = "collectionId" in into ? await revisionOf(world, into.collectionId) : -1;
  const importId = await struck(world, scenario, "import", () =>
    who.importFile("next.csv", data.next, into, data.strategy),
  );
  const { state, summary, collectionId } = await importOf(world, importId);
  if (state !== "completed_with_errors" && state !== "completed") {
    const after = await look();
    if (after.exactHash !== before.exactHash) problems.push(`not as before: ${difference(before, after)}`);
    // What was taken back can be brought in again, exactly as if nothing had been.
    const again = await who.importFile("next.csv", data.next, into, data.strategy);
    compare("the import after one that failed", reference.after, await look());
    await who.undo(again);
    compare("the undo after an import that failed", reference.undone, await look());
    return { state, verdict: "as before" };
  }
  compare("after the import", reference.after, await look());
  if (summary !== reference.summary) problems.push(`counted ${summary} instead of ${reference.summary}`);
  if ((await revisionOf(world, collectionId)) <= revision)
    problems.push("the collection's revision has not risen");

  await struck(world, scenario, "undo", () => who.undo(importId));
  compare("after the undo", reference.undone, await look());
  await struck(world, scenario, "redo", () => who.redo(importId));
  compare("after the redo", reference.redone, await look());
  return { state, verdict: "done" };
}

/** The older file and the edits by hand, where the kind has them. */
async function bringBase(world: World, who: Person, data: DataSet): Promise<Into> {
  if (data.base === undefined) return { newCollection: { name: "Trips", template: "trips" } };
  const id = await who.importFile("base.csv", data.base, {
    newCollection: { name: "Trips", template: "trips" },
  });
  const { collectionId } = await importOf(world, id);
  if (collectionId === null) throw new Error("the older file could not be imported");
  await who.edit(collectionId, data.edits);
  return { collectionId };
}

async function makeReference(world: World, data: DataSet): Promise<Reference> {
  const ctx = await world.newUser();
  const who = person(world, ctx);
  const look = () => readContent(world.db.sql, ctx.ownerId);
  const into = await bringBase(world, who, data);
  const before = await look();
  const importId = await who.importFile("next.csv", data.next, into, data.strategy);
  const after = await look();
  const { state, summary, failure } = await importOf(world, importId);
  if (!state.startsWith("completed")) throw new Error(`without any fault it ended ${state}: ${failure}`);
  await who.undo(importId);
  const undone = await look();
  await who.redo(importId);
  const redone = await look();
  await world.removeUser(ctx.ownerId);
  return { before, after, undone, redone, summary };
}

async function importOf(world: World, importId: string) {
  const [row] = await insist(
    () => world.db.sql<
      { state: string; failure: string | null; summary: string; collectionId: string | null }[]
    >`
      select i.state, i.failure::text, collection_id as "collectionId",
        jsonb_build_array(result -> 'summary', j.succeeded, j.failed, j.state)::text as summary
      from imports i join jobs j on j.id = i.job_id where i.id = ${importId}`,
  );
  if (!row) throw new Error("the import is gone");
  return row;
}

async function revisionOf(world: World, collectionId: string | null): Promise<number> {
  const [row] = await insist(
    () => world.db.sql<{ revision: number }[]>`
      select revision from collections where id = ${collectionId}`,
  );
  return row?.revision ?? -1;
}
