const WAIT_SECONDS_MAX = 60;

/** The N of `Prefer: wait=N` (RFC 7240), in whole seconds from 0 to 60; 0 when the client does not want to wait. */
export function preferWaitSeconds(request: Request): number {
  const header = request.headers.get("prefer") ?? "";
  for (const preference of header.split(/[,;]/)) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), WAIT_SECONDS_MAX);
  }
  return 0;
}

/** What an answer says when it honoured `Prefer: wait`; spread into its headers. */
export function preferenceApplied(waitSeconds: number): Record<string, string> {
  return waitSeconds > 0 ? { "preference-applied": `wait=${waitSeconds}` } : {};
}
