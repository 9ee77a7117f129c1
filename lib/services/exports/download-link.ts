import { createHmac, timingSafeEqual } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";

/*
 * Signed addresses of finished exports: whoever holds one may download that one file until it expires, without a session.
 * So a download goes on in another program, or after the session has ended.
 */

const LINK_MILLISECONDS = 24 * 3_600_000;

/** The address of an export's file, good for a day, or as long as the file is kept. */
export function downloadLink(exportId: string, fileExpiresAt: Date, now: Date): string {
  const until = Math.min(now.getTime() + LINK_MILLISECONDS, fileExpiresAt.getTime());
  const expires = String(Math.floor(until / 1000));
  const query = new URLSearchParams({ expires, signature: sign(exportId, expires) });
  return `/api/v1/exports/${exportId}/download?${query}`;
}

/** Why a link does not open its file; undefined when it does. Without a signature it is no link at all. */
export function linkRefusal(
  exportId: string,
  { expires = "", signature = "" }: { expires?: string; signature?: string },
  now: Date,
): AppError | undefined {
  const given = Buffer.from(signature, "base64url");
  const wanted = Buffer.from(sign(exportId, expires), "base64url");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return new AppError(
      403,
      "link-invalid",
      "This link is not one that Ferry made. Copy the whole address again.",
    );
  }
  if (Number(expires) * 1000 >= now.getTime()) return undefined;
  const words = "This link has expired. Sign in to Ferry and download the file under Exports.";
  return new AppError(410, "link-expired", words);
}

function sign(exportId: string, expires: string): string {
  return createHmac("sha256", derivedKey("export-url"))
    .update(`GET ${exportId.toLowerCase()} ${expires}`)
    .digest("base64url");
}
