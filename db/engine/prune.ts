import type { Sql } from "../client";

/**
 * Remove what ended more than `days` days ago: runs with their steps, events that no run refers to, expired keys.
 * In batches, so that no transaction is long. @returns how many runs and events were removed
 */
export async function pruneHistory(sql: Sql, days: number): Promise<{ runs: number; events: number }> {
  const removed = { runs: 0, events: 0 };
  for (let more = true; more;) {
    const runs = await sql`
      delete from engine.run where id in (
        select id from engine.run where ended_at < now() - ${days} * interval '1 day' limit 1000 for update skip locked)
      returning 1`;
    removed.runs += runs.length;
    more = runs.length === 1000;
  }
  for (let more = true; more;) {
    const events = await sql`
      delete from engine.event where id in (
        select e.id from engine.event e
        where e.received_at < now() - ${days} * interval '1 day'
          and not exists (select 1 from engine.run r where r.event_id = e.id)
          and not exists (select 1 from engine.job j where j.event_id = e.id)
        limit 1000 for update skip locked)
      returning 1`;
    removed.events += events.length;
    more = events.length === 1000;
  }
  await sql`delete from engine.once where expires_at < now()`;
  return removed;
}
