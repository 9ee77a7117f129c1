import { findOpenLink, type OpenLinkRow } from "@/db/queries/share-links";
import { AppError } from "@/lib/platform/errors";
import { hashToken } from "@/lib/services/accounts/tokens";
import type { SystemContext } from "@/lib/services/context";

/**
 * The link of a token, as long as it can be used. It is looked up by the token's hash: how long that takes says nothing of
 * a token, and a link that ended is found by the same query as one that never was: not at all.
 * @throws AppError link-not-open
 */
export async function enterLink(ctx: SystemContext, token: string): Promise<OpenLinkRow> {
  const link = await findOpenLink(ctx.db.sql, hashToken(token), ctx.now());
  if (!link) throw linkNotOpen();
  return link;
}

/** One answer for a link that never was, is revoked, expired or used up: only its owner is told which. */
export function linkNotOpen(): AppError {
  return new AppError(
    404,
    "link-not-open",
    "This link is mistyped, has expired, was used up or was revoked. Ask whoever gave it to you for a new one.",
  );
}
