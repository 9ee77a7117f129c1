/** From this size on an import shares a lane with the other large ones, so that small ones are not starved (S4.6). */
const LARGE_BYTES = 50 * 1024 * 1024;

/** The event that hands an import to its durable function. Sent twice, it runs once. */
export function requestedEvent(importId: string, sizeBytes: number) {
  const lane = sizeBytes >= LARGE_BYTES ? "large" : importId;
  return { name: "import/requested", data: { importId, lane }, id: `import-${importId}` };
}
