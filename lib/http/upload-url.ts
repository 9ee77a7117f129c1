import { ForbiddenError } from "@/lib/platform/errors";
import { isSignatureOf, signatureOf } from "@/lib/platform/signature";

/*
 * Presigned part URLs of our own route, as an object store has them: whoever holds one may write that one part until it
 * expires, without a session. So a browser, a script or another host can send parts in the same way.
 */

interface MissingParts {
  id: string;
  missing: number[];
  storeUrls?: ReadonlyMap<number, string>;
  expiresAt: string;
}

/** An upload as clients see it: `missing` becomes `parts`, each with its signed URL: the object store's, or ours. */
export function withPartUrls<T extends MissingParts>(upload: T, request: Request) {
  const { missing, storeUrls, ...rest } = upload;
  const expires = String(Math.floor(Date.parse(upload.expiresAt) / 1000));
  const base = `${requestOrigin(request)}/api/v1/uploads/${upload.id}/parts`;
  const parts = missing.map((number) => {
    const storeUrl = storeUrls?.get(number);
    if (storeUrl !== undefined) return { number, url: storeUrl };
    const query = new URLSearchParams({
      expires,
      signature: signatureOf("upload-url", partText(upload.id, number, expires)),
    });
    return { number, url: `${base}/${number}?${query}` };
  });
  return { ...rest, parts };
}

/** Refuses a part URL that is not one of ours (403 url-invalid) or is past its time (403 url-expired). */
export function checkPartUrl(
  part: { id: string; number: number },
  query: { expires?: string; signature?: string },
  now: Date,
): void {
  const { expires = "", signature = "" } = query;
  if (!isSignatureOf("upload-url", partText(part.id, part.number, expires), signature)) {
    throw new ForbiddenError("url-invalid", "The address of this part is not one that Ferry signed.");
  }
  if (Number(expires) * 1000 < now.getTime()) {
    throw new ForbiddenError(
      "url-expired",
      "The address of this part has expired: ask for the upload again to get fresh URLs.",
    );
  }
}

function partText(id: string, number: number, expires: string): string {
  return `PUT ${id.toLowerCase()} ${number} ${expires}`;
}

/**
 * The origin under which the client reached us. Next gives `request.url` the name the server was configured with, so
 * the Host header (or a proxy's X-Forwarded-*) decides; it comes back only to the one who sent it.
 */
function requestOrigin(request: Request): string {
  const header = (name: string) => request.headers.get(name)?.split(",")[0]?.trim();
  const host = header("x-forwarded-host") ?? header("host");
  const here = new URL(request.url);
  const scheme = header("x-forwarded-proto") === "https" ? "https:" : here.protocol;
  if (!host || !/^[a-z0-9._~:[\]-]+$/i.test(host)) return here.origin;
  return `${scheme}//${host}`;
}
