"use client";

import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { countOf, formatCount } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Job } from "@/lib/contracts/jobs";
import { type CancelChoice, useControlJob } from "./queries";

/** Asks what a cancelled import leaves, while part of it is in already. */
export function CancelDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const [leave, setLeave] = useState<CancelChoice["leave"]>("nothing");
  const control = useControlJob(job.id);
  return (
    <Modal opened onClose={onClose} title="Cancel this import" size="md">
      <Stack gap="md">
        <Text size="sm">{soFar(job)} have been dealt with so far. What should become of them?</Text>
        <Radio.Group
          aria-label="What the import leaves"
          value={leave}
          onChange={(value) => setLeave(value === "applied" ? "applied" : "nothing")}
        >
          <Stack gap="xs">
            <Radio
              value="nothing"
              label="Take everything back"
              description="Your records are exactly as they were before."
            />
            <Radio
              value="applied"
              label="Keep what is in"
              description="The rest is not imported. You can still undo it later, or run it again for the rest."
            />
          </Stack>
        </Radio.Group>
        <ProblemAlert error={control.error} title="The import was not cancelled" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Go on importing
          </Button>
          <Button
            color="red"
            loading={control.isPending}
            onClick={() => control.mutate({ verb: "cancel", body: { leave } }, { onSuccess: onClose })}
          >
            Cancel the import
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function soFar({ counts: { processed, total } }: Job): string {
  if (total === null) return countOf(processed, "row");
  return `${formatCount(processed)} of ${countOf(total, "row")}`;
}
