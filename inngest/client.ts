import { randomBytes } from "node:crypto";
import { Inngest } from "inngest";
import { connect, type Sql } from "@/db/client";
import { enqueueEvents } from "@/db/engine/events";
import { env } from "@/lib/platform/env";
import { logger } from "@/lib/platform/logger";
import { createTransport, EMBEDDED_BASE_URL, type Transport } from "./embedded/transport";
import { engineMode } from "./mode";

let intake: Sql | undefined;

/** Made by the first send of a process in which no engine runs. */
function intakeSql(): Sql {
  return (intake ??= connect(env().DATABASE_URL, { poolSize: 2, applicationName: "ferry-events" }).sql);
}

/** Carries the client's requests to the embedded engine; undefined if functions run on an Inngest server. */
export const transport: Transport | undefined =
  engineMode() === "embedded"
    ? createTransport({ sendEvents: (events, seed) => enqueueEvents(intakeSql(), events, seed) })
    : undefined;

/** The one Inngest client: functions are made with it, events are sent by it. */
export const inngest = new Inngest({
  id: "ferry",
  logger,
  // Would install a global tracer to look for calls of language models.
  aiMetadata: false,
  ...(transport && {
    isDev: false,
    baseUrl: EMBEDDED_BASE_URL,
    fetch: transport.fetch,
    // Nobody knows this key: what arrives from outside cannot be signed with it.
    eventKey: "embedded",
    signingKey: `signkey-prod-${randomBytes(32).toString("hex")}`,
  }),
});
