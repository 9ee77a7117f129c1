"use client";

import { Alert } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { formatMoment } from "@/components/format";
import { useNow } from "@/components/use-now";

const SOON_MS = 36 * 3600 * 1000;

/** Said loudly when the time in which an import waits for a decision is nearly over. */
export function ExpiryNote({ expiresAt }: { expiresAt: string }) {
  const now = useNow();
  if (Date.parse(expiresAt) - now > SOON_MS) return null;
  return (
    <Alert
      color="yellow"
      role="status"
      icon={<IconHourglass size={18} aria-hidden />}
      title={`This import is cancelled on ${formatMoment(expiresAt)} unless you decide`}
    >
      The rows that were read are removed then. Nothing has been written to your records yet.
    </Alert>
  );
}
