import type { RestoreState } from "@/db/schema";
import type { ServiceContext } from "@/lib/services/context";
import { leftNothing, wasApplied } from "@/lib/services/restores/states";
import { orphans } from "../backups/checks";
import { backupPerson } from "../backups/person";
import { difference, readContent, type Content } from "../content";
import { insist } from "../insist";
import { played, settled, type Outcome } from "../played";
import { struck } from "../struck";
import { oneWorker, type World } from "../world";
import { changeOnce, changeSince, fillAccount } from "./account";
import { dataOf, restoreViolations } from "./checks";
import { restorePerson, type HowToRestore } from "./person";
import type { RestoreKind } from "./points";
import type { RestoreScenario } from "./scenario";

const PASSPHRASE = "given for one use, and kept by nobody";

/** What a run without a fault leaves: before the restore, after it, after its undo, after its redo. */
interface Reference {
  before: Content;
  after: Content;
  undone: Content;
  redone: Content;
}

const references = new Map<RestoreKind, Promise<Reference>>();

/** Runs one scenario in the world and says how it ended. Leaves nothing behind but a world in which all runs. */
export async function runRestoreScenario(world: World, scenario: RestoreScenario): Promise<Outcome> {
  const { kind, fault } = scenario;
  await oneWorker(world);
  if (!references.has(kind)) references.set(kind, makeReference(world, kind));
  const reference = await references.get(kind)!;
  if (fault.stepSecondsMax) await oneWorker(world, fault.stepSecondsMax);
  return await played(world, {
    play: (ctx, problems) => play(world, ctx, scenario, reference, problems),
    violations: (ownerId) => restoreViolations(world.db.sql, ownerId),
  });
}

function howTo(kind: RestoreKind): HowToRestore {
  return {
    strategy: kind === "merge" ? "merge" : "overwrite",
    passphrase: kind === "given-key" ? PASSPHRASE : undefined,
  };
}

/** An account with a backup that goes on from a full one, and much that has happened since. */
async function prepare(ctx: ServiceContext, kind: RestoreKind) {
  const encryption =
    kind === "given-key"
      ? { mode: "passphrase" as const, passphrase: PASSPHRASE }
      : { mode: "server" as const };
  const who = backupPerson(ctx);
  const ids = await fillAccount(ctx);
  await who.backUp("full", encryption);
  await changeOnce(ctx, ids);
  const backedUp = await readContent(ctx.db.sql, ctx.ownerId);
  const { id: backupId } = await who.backUp("incremental", encryption);
  await changeSince(ctx, ids);
  return { backupId, backedUp };
}

async function play(
  world: World,
  ctx: ServiceContext,
  scenario: RestoreScenario,
  reference: Reference,
  problems: string[],
): Promise<{ state: string; verdict: "done" | "as before" }> {
  const { sql } = world.db;
  const who = restorePerson(ctx);
  const how = howTo(scenario.kind);
  const { backupId } = await insist(() => prepare(ctx, scenario.kind));
  const look = () => insist(() => readContent(sql, ctx.ownerId));
  const compare = async (what: string, expected: Content) => {
    const found = await look();
    if (expected.hash !== found.hash) problems.push(`${what}: ${difference(expected, found)}`);
  };
  const before = await look();
  if (before.hash !== reference.before.hash) problems.push("the account was not filled as it should be");
  const unchanged = async (what: string) => {
    const left = await settled(() => restoreViolations(sql, ctx.ownerId));
    problems.push(...left.map((line) => `${what}: ${line}`));
    const now = await look();
    if (now.exactHash !== before.exactHash)
      problems.push(`${what}: not as before: ${difference(before, now)}`);
  };
  /** Until there is a plan: one that could not be made must have changed nothing, and can be asked for again. */
  const plan = async (): Promise<{ id: string; failures: number }> => {
    for (let failures = 0; failures < 4; failures++) {
      const made = await who.preview(backupId, how);
      if (made.state === "ready") return { id: made.id, failures };
      await unchanged(`after a preview that ended ${made.state}`);
    }
    throw new Error("the preview failed four times");
  };

  if (scenario.point.stage === "discard") {
    const { id } = await plan();
    const state = await struck(world, scenario, "discard", () => who.cancel(id));
    await unchanged(`after a plan that was discarded (${state})`);
  }
  if (scenario.point.stage === "cancel") {
    const { id } = await plan();
    const state = await struck(world, scenario, "cancel", () => who.cancelHalfway(id));
    if (state !== "cancelled") problems.push(`cancelled, it is ${state}`);
    await unchanged("after a restore that was cancelled");
  }

  const { id: first, failures } = await struck(world, scenario, "preview", plan);
  let id = first;
  let state: RestoreState = await struck(world, scenario, "run", () => who.run(id));
  const struckState = state;
  for (let tries = 0; leftNothing(state) && tries < 3; tries++) {
    // What was taken back can be brought in again, exactly as if nothing had been.
    await unchanged(`after a restore that ended ${state}`);
    ({ id } = await plan());
    state = await who.run(id);
  }
  if (!wasApplied(state)) throw new Error(`the restore ended ${state}`);
  await compare("after the restore", reference.after);
  await struck(world, scenario, "undo", () => who.turn(id, "undo"));
  await compare("after the undo", reference.undone);
  await struck(world, scenario, "redo", () => who.turn(id, "redo"));
  await compare("after the redo", reference.redone);

  problems.push(...(await settled(() => restoreViolations(sql, ctx.ownerId))));
  problems.push(...(await insist(() => orphans(ctx))));
  const smooth = failures === 0 && wasApplied(struckState);
  const planned = failures > 0 ? `${failures} previews failed, then ` : "";
  return { state: `${planned}${struckState}`, verdict: smooth ? "done" : "as before" };
}

async function makeReference(world: World, kind: RestoreKind): Promise<Reference> {
  const ctx = await world.newUser();
  const who = restorePerson(ctx);
  const look = () => readContent(world.db.sql, ctx.ownerId);
  const { backupId, backedUp } = await prepare(ctx, kind);
  const before = await look();
  const { id, state: planned } = await who.preview(backupId, howTo(kind));
  if (planned !== "ready") throw new Error(`without any fault the preview ended ${planned}`);
  const state = await who.run(id);
  if (state !== "completed") throw new Error(`without any fault the restore ended ${state}`);
  const after = await look();
  await who.turn(id, "undo");
  const undone = await look();
  await who.turn(id, "redo");
  const redone = await look();
  if (kind !== "merge" && dataOf(after) !== dataOf(backedUp)) throw new Error("it is not what was backed up");
  if (dataOf(undone) !== dataOf(before)) throw new Error("undone, it is not what it was");
  if (dataOf(redone) !== dataOf(after)) throw new Error("redone, it is not what it was");
  await world.removeUser(ctx.ownerId);
  return { before, after, undone, redone };
}
