import { useEffect, useState } from "react";

const TICK_MS = 30_000;

/** The present moment in milliseconds, refreshed often enough for "3 minutes ago" to stay true. */
export function useNow(tickMs = TICK_MS): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return now;
}
