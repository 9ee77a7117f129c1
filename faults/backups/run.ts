import { setTimeout as delay } from "node:timers/promises";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { stateOfDatabase } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { readContent } from "../content";
import { insist } from "../insist";
import { played, settled, type Outcome } from "../played";
import { struck } from "../struck";
import { oneWorker, type World } from "../world";
import { backupViolations, leadsTo, orphans } from "./checks";
import { backupPerson, changeAccount, fillAccount } from "./person";
import type { BackupScenario } from "./scenario";

const RECORDS = 4_000;
const TIDY_TRIES = 20;

/** Runs one scenario in the world and says how it ended. Leaves nothing behind but a world in which all runs. */
export async function runBackupScenario(world: World, scenario: BackupScenario): Promise<Outcome> {
  await oneWorker(world, scenario.fault.stepSecondsMax);
  return await played(world, {
    play: async (ctx, problems) => {
      const failures = await play(world, ctx, scenario, problems);
      if (failures === 0) return { verdict: "done", state: "made" };
      return { verdict: "as before", state: `failed ${failures} times, then made` };
    },
    violations: (ownerId) => backupViolations(world.db.sql, ownerId),
  });
}

/** An old backup, a new chain of two, a verification, and a policy that keeps the chain alone. */
async function play(
  world: World,
  ctx: ServiceContext,
  scenario: BackupScenario,
  problems: string[],
): Promise<number> {
  const { sql } = world.db;
  const who = backupPerson(ctx);
  const content = async () => (await insist(() => readContent(sql, ctx.ownerId))).exactHash;
  const nothingIsLeft = async (what: string) => {
    const left = await settled(() => backupViolations(sql, ctx.ownerId));
    problems.push(...left.map((line) => `${what}: ${line}`));
  };

  await fillAccount(ctx, RECORDS);
  const old = await who.backUp("full");
  await changeAccount(ctx);
  const first = await insist(() => stateOfDatabase(ctx));
  const before = await content();
  const full = await struck(world, scenario, "full", () => who.backUp("full"));
  await nothingIsLeft("after the full backup");
  problems.push(...(await insist(() => leadsTo(ctx, full.id, first))));
  if ((await content()) !== before) problems.push("a backup has changed the account");

  await insist(() => changeAccount(ctx));
  const second = await insist(() => stateOfDatabase(ctx));
  const last = await struck(world, scenario, "incremental", () => who.backUp("incremental"));
  await nothingIsLeft("after the incremental backup");
  problems.push(...(await insist(() => leadsTo(ctx, last.id, second))));

  const checks = await struck(world, scenario, "verify", () => who.verify(last.id));
  await nothingIsLeft("after the verification");
  const [found] = await insist(
    () => sql<{ outcome: string | null }[]>`
      select check_result ->> 'outcome' as outcome from backups where id = ${last.id}`,
  );
  if (found?.outcome !== "sound") problems.push(`verified, the backup is ${found?.outcome ?? "not judged"}`);

  await insist(() => putPolicy(ctx, BackupPolicyBody.parse({ retention: { keepLast: 1 } })));
  await struck(world, scenario, "retention", () => tidy(world));
  await nothingIsLeft("after the retention");
  const left = await insist(
    () => sql<{ id: string }[]>`
      select id from backups where owner_id = ${ctx.ownerId} and state = 'completed' order by position, id`,
  );
  const kept = last.id === full.id ? [full.id] : [full.id, last.id];
  if (JSON.stringify(left.map(({ id }) => id)) !== JSON.stringify(kept))
    problems.push(`${left.length} backups are left instead of the newest chain (old: ${old.id})`);
  problems.push(...(await insist(() => orphans(ctx))));
  problems.push(...(await insist(() => leadsTo(ctx, last.id, second))));
  return full.failures + last.failures + checks;
}

/** As the hourly functions do: again, when it was broken off. */
async function tidy(world: World): Promise<void> {
  for (let attempt = 0; attempt < TIDY_TRIES; attempt++) {
    if ((await world.runProcess("faults/backups/tidy-process.ts")) === 0) return;
    await delay(500);
  }
  throw new Error(`the clean-up failed ${TIDY_TRIES} times`);
}
