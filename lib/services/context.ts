import type { Database } from "@/db/client";
import type { Mailer } from "@/lib/mail/mailer";
import type { Logger } from "@/lib/platform/logger";
import type { Store } from "@/lib/storage/store";

/** A domain event for a durable function. `id` makes sending it twice harmless. It carries ids, never data. */
export interface DomainEvent {
  name: string;
  data: Record<string, string | number | boolean | null>;
  id?: string;
}

/** What a verb needs besides its input, whoever calls it: a route, a page, or a durable function. */
export interface SystemContext {
  readonly db: Database;
  readonly storage: Store;
  readonly log: Logger;
  readonly now: () => Date;
  /** At least once; retried by the caller's own retry when it throws. */
  readonly sendEvents: (events: DomainEvent[]) => Promise<void>;
  /** Not there: nothing is mailed. */
  readonly mailer?: Mailer;
}

/** A verb on behalf of a signed-in user. Every query it makes is scoped to `ownerId`. */
export interface ServiceContext extends SystemContext {
  readonly ownerId: string;
}
