import { findUntoldRestores, type EndedRestore } from "@/db/queries/restore-ends";
import type { NewNotice } from "@/db/queries/notices";
import type { SystemContext } from "@/lib/services/context";
import { requestMail, tellNews } from "@/lib/services/notifications/tell";

/** Who waited for less has seen it. */
const WORKED_MS = 60_000;
/** What ended before that is no news; also what a user who wants to be told nothing is asked about again at most. */
const NEWS_MS = 86_400_000;

/**
 * Tells of restores that took a minute or longer and have ended, each once. Read from how things stand, so that it may run
 * twice and nothing is missed. Answers how many.
 */
export async function tellRestores(ctx: SystemContext): Promise<number> {
  const since = new Date(ctx.now().getTime() - NEWS_MS);
  const ended = await findUntoldRestores(ctx.db.sql, { since, workedMs: WORKED_MS });
  let told = 0;
  for (const restore of ended) {
    const news = await ctx.db.sql.begin((tx) => tellNews(ctx, tx, newsOf(restore)));
    await requestMail(ctx, news);
    if (news.id !== undefined) told++;
  }
  return told;
}

function newsOf({ id, ownerId, succeeded, failure, result }: EndedRestore): NewNotice {
  const subject = { ownerId, subjectId: id, fact: `restore/${id}` };
  if (!succeeded) {
    const message = failure?.message ?? "It could not be carried out. Your records are as they were before.";
    return { ...subject, kind: "restore-failed", title: "A restore failed", message };
  }
  const counts = result
    ? `${result.added} records came back, ${result.changed} were changed, ${result.deleted} removed. `
    : "";
  const message = `${counts}It can be undone from its page.`;
  return { ...subject, kind: "restore-finished", title: "Your restore is done", message };
}
