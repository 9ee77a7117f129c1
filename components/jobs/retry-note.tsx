"use client";

import { Alert } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { formatDuration } from "@/components/format";
import { useNow } from "@/components/use-now";
import type { Job } from "@/lib/contracts/jobs";

const TICK_MS = 500;

/** What went wrong in passing, and when it is tried again: "attempt 1 of 3". */
export function RetryNote({ retry }: { retry: NonNullable<Job["retry"]> }) {
  const now = useNow(TICK_MS);
  const seconds = retry.nextAt === null ? 0 : (Date.parse(retry.nextAt) - now) / 1_000;
  return (
    <Alert color="yellow" icon={<IconRefresh size={18} aria-hidden />} title={retry.reason}>
      <span role="status">
        Attempt {retry.number} of {retry.of}{" "}
      </span>
      <span className="tabular">
        {retry.nextAt === null || seconds <= 0 ? "is under way." : `begins in ${formatDuration(seconds)}.`}
      </span>{" "}
      What is in already stays in; nothing is done twice.
    </Alert>
  );
}
