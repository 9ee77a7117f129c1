import { noteOpened } from "@/db/queries/share-links";
import type { EnterShare, OpenedShare } from "@/lib/contracts/shares";
import type { SystemContext } from "@/lib/services/context";
import { enterLink } from "@/lib/services/shares/enter-link";
import { requirePassword } from "@/lib/services/shares/password-guesses";
import { sharedFileView } from "@/lib/services/shares/view";

/**
 * What a link leads to, for whoever has it; counted as opened once it is shown.
 * @throws AppError link-not-open
 * @throws ForbiddenError wrong-password
 * @throws TooManyRequestsError after too many wrong passwords
 */
export async function openShare(ctx: SystemContext, { token, password }: EnterShare): Promise<OpenedShare> {
  const link = await enterLink(ctx, token);
  if (link.password_hash !== null && password === undefined) return { state: "password-needed" };
  await requirePassword(ctx, link, password);
  await ctx.db.sql.begin((tx) => noteOpened(tx, link.id, ctx.now()));
  return { state: "open", file: sharedFileView(link) };
}
