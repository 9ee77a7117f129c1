import { env } from "@/lib/platform/env";
import { ForbiddenError } from "@/lib/platform/errors";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A request that the browser signed with a cookie must come from our own pages when it changes something. Browsers say
 * so themselves: by Sec-Fetch-Site, or where the page is not on a trustworthy origin (plain http in a local network) by
 * Origin. Neither can be set by a foreign page.
 * @throws ForbiddenError `csrf`
 */
export function requireSameOrigin(request: Request): void {
  if (SAFE_METHODS.has(request.method)) return;
  if (request.headers.get("sec-fetch-site") === "same-origin") return;
  const origin = hostOf(request.headers.get("origin"));
  if (origin !== undefined && (origin === ownHost(request) || origin === hostOf(env().APP_URL))) return;
  throw new ForbiddenError(
    "csrf",
    "This request did not come from Ferry's own pages. Programs sign in with a bearer token.",
  );
}

function ownHost(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}

function hostOf(url: string | null): string | undefined {
  return url && URL.canParse(url) ? new URL(url).host : undefined;
}
