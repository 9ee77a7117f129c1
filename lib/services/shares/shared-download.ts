import { findShareLink, noteDownloaded } from "@/db/queries/share-links";
import type { EnterShare, SharedDownload } from "@/lib/contracts/shares";
import type { SystemContext } from "@/lib/services/context";
import { linkInvalid } from "@/lib/services/exports/download-link";
import { openLinkedDownload, type Download } from "@/lib/services/exports/open-download";
import { signAddress, signatureFault, type Signature } from "@/lib/services/exports/signed-address";
import { AppError } from "@/lib/platform/errors";
import { enterLink, linkNotOpen } from "@/lib/services/shares/enter-link";
import { requirePassword } from "@/lib/services/shares/password-guesses";

/** Long enough to go on with a download that broke off, short enough that an address passed on is soon worth nothing. */
const ADDRESS_MILLISECONDS = 3_600_000;

/**
 * Begins a download by a link. This is what is counted: the address it answers may be fetched in ranges, and again.
 * @throws AppError link-not-open
 * @throws ForbiddenError password-needed, wrong-password
 * @throws TooManyRequestsError after too many wrong passwords
 */
export async function beginDownload(
  ctx: SystemContext,
  { token, password }: EnterShare,
): Promise<SharedDownload> {
  const link = await enterLink(ctx, token);
  await requirePassword(ctx, link, password);
  const counted = await ctx.db.sql.begin((tx) => noteDownloaded(tx, link.id, ctx.now()));
  if (!counted) throw linkNotOpen();
  const until = new Date(Math.min(ctx.now().getTime() + ADDRESS_MILLISECONDS, link.expires_at.getTime()));
  const path = `/api/v1/shares/${link.id}/download`;
  return { downloadUrl: signAddress(path, subjectOf(link.id), until), expiresAt: until.toISOString() };
}

/**
 * The file behind the address of a begun download; nothing once the link is revoked. Used up it may be: this is a
 * download that was counted.
 * @throws AppError link-invalid, link-expired, link-not-open
 */
export async function openSharedDownload(
  ctx: SystemContext,
  shareId: string,
  given: Signature,
): Promise<Download> {
  const fault = signatureFault(subjectOf(shareId), given, ctx.now());
  if (fault === "invalid") throw linkInvalid();
  if (fault === "expired") {
    throw new AppError(
      410,
      "link-expired",
      "This download is over. Open the link that you were given again.",
    );
  }
  const link = await findShareLink(ctx.db.sql, shareId);
  if (link?.revoked_at !== null) throw linkNotOpen();
  return openLinkedDownload(ctx, link.export_id);
}

function subjectOf(shareId: string): string {
  return `share/${shareId.toLowerCase()}`;
}
