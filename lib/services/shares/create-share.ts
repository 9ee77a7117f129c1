import { randomBytes } from "node:crypto";
import { findExport } from "@/db/queries/exports";
import { insertShareLink } from "@/db/queries/share-links";
import type { CreateShare, NewShare } from "@/lib/contracts/shares";
import { NotFoundError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { hashPassword } from "@/lib/services/accounts/password";
import { hashToken } from "@/lib/services/accounts/tokens";
import type { ServiceContext } from "@/lib/services/context";
import { requireFile } from "@/lib/services/exports/open-download";
import { getShare } from "@/lib/services/shares/get-share";

const HOUR_MILLISECONDS = 3_600_000;

/**
 * Makes a link to the file of a finished export. Its address is told now and never again.
 * @throws ConflictError while there is no file, and AppError 410 when it has expired
 */
export async function createShare(
  ctx: ServiceContext,
  exportId: string,
  input: CreateShare,
): Promise<NewShare> {
  const made = await findExport(ctx.db.sql, exportId, ctx.ownerId);
  if (!made) throw new NotFoundError("export");
  requireFile(ctx, made);
  const token = randomBytes(32).toString("base64url");
  const wanted = ctx.now().getTime() + input.expiresInHours * HOUR_MILLISECONDS;
  const id = newId();
  await insertShareLink(ctx.db.sql, {
    id,
    owner_id: ctx.ownerId,
    export_id: exportId,
    token_hash: hashToken(token),
    password_hash: input.password === undefined ? null : await hashPassword(input.password),
    expires_at: new Date(Math.min(wanted, made.expires_at.getTime())),
    downloads_max: input.downloadsMax ?? null,
  });
  return { ...(await getShare(ctx, id)), url: `/s/${token}` };
}
