"use client";

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { Resolution } from "@/lib/contracts/review";
import { ConflictChoice } from "./conflict-choice";
import { FailedRows } from "./failed-rows";
import { PlanCountsView } from "./plan-counts";
import { useMoveImport } from "./queries";
import type { ImportView } from "./types";

interface ReviewStepProps {
  view: ImportView;
  counts: PlanCounts;
  onCancel: () => void;
}

/** Every row has been read and compared. What will happen is known exactly; one click makes it so. */
export function ReviewStep({ view, counts, onCancel }: ReviewStepProps) {
  const [resolution, setResolution] = useState<Resolution | null>(null);
  const move = useMoveImport(view.id);
  const writes = counts.new + counts.toUpdate + counts.conflicts;

  function go() {
    if (resolution) move.mutate({ verb: "resolve", body: { globalStrategy: resolution } });
    else move.mutate({ verb: "start", body: { stopBeforeApply: false } });
  }

  return (
    <Stack gap="xl">
      <Stack gap="sm" component="section" aria-labelledby="plan-title">
        <Title order={2} id="plan-title">
          What will happen
        </Title>
        <Text size="sm" c="dimmed">
          All {countOf(counts.total, "row")} were read and compared with what you have. Nothing has been
          written yet.
        </Text>
        <PlanCountsView counts={counts} />
        {view.fileProblem ? (
          <Alert color="yellow" title="The file could only be read in part">
            {view.fileProblem.message} What stands before that can be imported.
          </Alert>
        ) : null}
      </Stack>
      {counts.conflicts > 0 ? (
        <ConflictChoice view={view} count={counts.conflicts} value={resolution} onChange={setResolution} />
      ) : null}
      {counts.invalid > 0 ? <FailedRows view={view} count={counts.invalid} future /> : null}
      <ProblemAlert error={move.error} title="The import did not go on" />
      <Group justify="space-between">
        <Button variant="subtle" color="gray" c="dimmed" onClick={onCancel}>
          Cancel the import
        </Button>
        <Button onClick={go} loading={move.isPending} disabled={counts.conflicts > 0 && resolution === null}>
          {writes > 0 ? `Import ${countOf(writes, "row")}` : "Finish without changes"}
        </Button>
      </Group>
    </Stack>
  );
}
