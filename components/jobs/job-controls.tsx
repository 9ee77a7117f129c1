"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import type { Job } from "@/lib/contracts/jobs";
import { CancelDialog } from "./cancel-dialog";
import { useControlJob, useRetryJob } from "./queries";
import { canCancel, canPause, canRetry } from "./states";

const isReading = ({ phase }: Job) => phase === "reading" || phase === "opening";

/** Pause, resume, cancel, retry: those that the job's kind and state allow. */
export function JobControls({ job }: { job: Job }) {
  const [asking, setAsking] = useState(false);
  const control = useControlJob(job.id);
  const retry = useRetryJob(job.id);
  const router = useRouter();
  const pausing = job.pauseRequested && job.state !== "paused";
  // With part of it in, cancelling is a choice; before that nothing could be left.
  const leavesSomething = job.kind === "import" && job.phase === "applying" && job.counts.processed > 0;

  function cancel() {
    if (leavesSomething) setAsking(true);
    else control.mutate({ verb: "cancel", body: { leave: "nothing" } });
  }

  return (
    <>
      <ProblemAlert error={control.error ?? retry.error} />
      {pausing ? (
        <Text size="sm" c="dimmed" role="status">
          {isReading(job)
            ? "Pausing: the file is read to its end first, so that nothing has to be read twice."
            : "Pausing at the end of the present batch…"}
        </Text>
      ) : null}
      <Group justify="flex-end" gap="sm">
        {canPause(job) && !pausing ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            loading={control.isPending && control.variables.verb === "pause"}
            onClick={() => control.mutate({ verb: "pause", body: {} })}
          >
            Pause
          </Button>
        ) : null}
        {job.state === "paused" || pausing ? (
          <Button
            variant={pausing ? "default" : "filled"}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={control.isPending && control.variables.verb === "resume"}
            onClick={() => control.mutate({ verb: "resume", body: {} })}
          >
            {pausing ? "Do not pause" : "Resume"}
          </Button>
        ) : null}
        {canCancel(job) ? (
          <Button
            variant="default"
            loading={control.isPending && control.variables.verb === "cancel"}
            onClick={cancel}
          >
            Cancel
          </Button>
        ) : null}
        {canRetry(job) ? (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={retry.isPending}
            onClick={() =>
              retry.mutate({ failedRows: false }, { onSuccess: ({ id }) => router.push(`/imports/${id}`) })
            }
          >
            Run it again
          </Button>
        ) : null}
      </Group>
      {asking ? <CancelDialog job={job} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
