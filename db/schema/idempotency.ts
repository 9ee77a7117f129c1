import { index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Answers to POSTs that carried an Idempotency-Key, kept for 24 h. `status` is null while the first one is at work. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    ownerId: uuid("owner_id").notNull(),
    key: text().notNull(),
    /** Method and path. The same key on another route is another request. */
    route: text().notNull(),
    requestHash: text("request_hash").notNull(),
    status: integer(),
    headers: jsonb().$type<Record<string, string>>(),
    body: jsonb().$type<{ text: string }>(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.ownerId, t.route, t.key] }),
    index("idempotency_created_idx").on(t.createdAt),
  ],
);
