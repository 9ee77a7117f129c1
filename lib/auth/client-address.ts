/**
 * The network address a request came from, as far as it can be known: what the nearest proxy appended to
 * X-Forwarded-For, or, without one, what Next entered from the socket. A client that speaks to Next directly can forge
 * it, so limits by it are never the only ones.
 */
export function clientAddress(headers: Headers): string {
  const nearest = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return nearest?.slice(0, 100) || "unknown";
}
