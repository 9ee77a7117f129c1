import { AppError } from "@/lib/platform/errors";
import { signAddress, signatureFault, type Signature } from "@/lib/services/exports/signed-address";

/*
 * Signed addresses of finished exports: whoever holds one may download that one file until it expires, without a session.
 * So a download goes on in another program, or after the session has ended.
 */

const LINK_MILLISECONDS = 24 * 3_600_000;

/** The address of an export's file, good for a day, or as long as the file is kept. */
export function downloadLink(exportId: string, fileExpiresAt: Date, now: Date): string {
  const until = new Date(Math.min(now.getTime() + LINK_MILLISECONDS, fileExpiresAt.getTime()));
  return signAddress(`/api/v1/exports/${exportId}/download`, exportId.toLowerCase(), until);
}

/** Why a link does not open its file; undefined when it does. Without a signature it is no link at all. */
export function linkRefusal(exportId: string, given: Signature, now: Date): AppError | undefined {
  switch (signatureFault(exportId.toLowerCase(), given, now)) {
    case "invalid":
      return linkInvalid();
    case "expired": {
      const words = "This link has expired. Sign in to Ferry and download the file under Exports.";
      return new AppError(410, "link-expired", words);
    }
    case undefined:
      return undefined;
  }
}

export function linkInvalid(): AppError {
  return new AppError(
    403,
    "link-invalid",
    "This link is not one that Ferry made. Copy the whole address again.",
  );
}
