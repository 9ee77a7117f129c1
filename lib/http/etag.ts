import { ValidationError } from "@/lib/platform/errors";

/** The ETag of a thing that counts its versions. */
export function versionTag(version: number): Record<string, string> {
  return { etag: `"${version}"` };
}

/**
 * The versions that `If-Match` names (RFC 9110, section 13.1.1); undefined when it is absent or "*". A bare number is
 * taken as one, too. A weak tag never matches.
 */
export function ifMatchVersions(request: Request): number[] | undefined {
  const header = request.headers.get("if-match")?.trim();
  if (header === undefined || header === "*") return undefined;
  const tags = header.split(",").map((tag) => tag.trim());
  return tags.map((tag) => {
    if (tag.startsWith("W/")) return -1;
    const version = /^"?(\d{1,10})"?$/.exec(tag)?.[1];
    if (version !== undefined) return Number(version);
    throw new ValidationError(
      'If-Match must name a version, as the ETag header gave it: "3".',
      undefined,
      "invalid-if-match",
    );
  });
}
