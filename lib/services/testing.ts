import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import type { DomainEvent, ServiceContext } from "@/lib/services/context";
import { diskStore } from "@/lib/storage/drivers/disk";

export interface TestBench {
  /** A new user's context; all of a bench share its database, its store and `events`. */
  newUser(): Promise<ServiceContext>;
  /** Every event that was sent, in order. */
  events: DomainEvent[];
  /** What `ctx.now()` answers is moved by this many milliseconds. */
  clock: { shiftMilliseconds: number };
  close(): Promise<void>;
}

/** What verbs need to run for real: a database of one's own, a store in a folder of one's own, and recorded events. */
export async function createTestBench(): Promise<TestBench> {
  const database = await createTestDatabase();
  const db = connect(database.url, { poolSize: 6, applicationName: "ferry-test" });
  const folder = await mkdtemp(path.join(tmpdir(), "ferry-bench-"));
  const events: DomainEvent[] = [];
  const clock = { shiftMilliseconds: 0 };
  const quiet = () => undefined;
  const system = {
    db,
    storage: diskStore(folder),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    now: () => new Date(Date.now() + clock.shiftMilliseconds),
    sendEvents: (sent: DomainEvent[]) => Promise.resolve(void events.push(...sent)),
  };
  return {
    async newUser() {
      const ownerId = newId();
      await db.orm.insert(users).values({ id: ownerId, email: `${ownerId}@example.org`, passwordHash: "-" });
      return { ...system, ownerId };
    },
    events,
    clock,
    async close() {
      await db.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
