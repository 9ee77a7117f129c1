import { createHash } from "node:crypto";
import type { AnySql } from "../client";
import { newId } from "@/lib/platform/ids";
import { WAKE_CHANNEL } from "./transaction";
import type { EngineEvent } from "./types";

/** An event as it is sent: everything but the name may be missing. `ts` is Unix milliseconds. */
export interface OutgoingEvent {
  id?: string;
  name: string;
  data?: unknown;
  ts?: number;
  [other: string]: unknown;
}

/**
 * Put events into the engine's intake, in one statement: inside the caller's transaction if `sql` is one, so that an
 * event is sent exactly if the change it tells of is committed. A worker delivers them afterwards.
 * An event with an `id` that was already sent in the last 24 hours is not delivered again.
 * @param seed makes a repetition of the same call harmless (the SDK repeats a send whose answer was lost)
 * @returns the ids, in order; of an event sent before, that of its first sending
 */
export async function enqueueEvents(sql: AnySql, events: OutgoingEvent[], seed?: string): Promise<string[]> {
  if (events.length === 0) return [];
  const rows = events.map((event, order) => {
    const id = seed === undefined ? newId() : idFromSeed(seed, order);
    const payload: EngineEvent = {
      ...event,
      id: event.id ?? id,
      name: event.name,
      data: (event.data ?? {}) as Record<string, unknown>,
      ts: event.ts ?? Date.now(),
    };
    return {
      order,
      id,
      name: event.name,
      // Text within the text: functions that take JSON apart refuse `\u0000`, a cast does not.
      payload: JSON.stringify(payload),
      once_key: event.id === undefined ? null : `event:${event.id}`,
    };
  });
  const sent = await sql<{ id: string }[]>`
    with incoming as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as i("order" int, id uuid, name text, payload text, once_key text)
    ), first_of_key as (
      select distinct on (once_key) once_key, id from incoming where once_key is not null order by once_key, "order"
    ), claimed as (
      insert into engine.once (key, expires_at, ref)
      select once_key, now() + interval '24 hours', id from first_of_key order by once_key
      on conflict (key) do update set expires_at = excluded.expires_at, ref = excluded.ref
        where engine.once.expires_at < now()
      returning ref
    ), fresh as (
      insert into engine.event (id, name, payload)
      select id, name, payload::json from incoming where once_key is null or id in (select ref from claimed)
      on conflict (id) do nothing
      returning id
    ), queued as (
      insert into engine.job (kind, event_id) select 'event', id from fresh
      returning 1
    )
    select coalesce((select ref from engine.once o where o.key = i.once_key and o.expires_at > now()), i.id) as id
    from incoming i
    left join lateral (select pg_notify(${WAKE_CHANNEL}, '') from queued limit 1) n on true
    order by i."order"`;
  return sent.map((row) => row.id);
}

function idFromSeed(seed: string, order: number): string {
  const hex = createHash("sha256").update(`${seed}:${order}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
