"use client";

import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconTable } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { countOf, formatElapsed, formatMoment } from "@/components/format";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import type { ImportResult } from "@/lib/contracts/imports";
import { FailedRows } from "./failed-rows";
import { CountGrid } from "./plan-counts";
import type { ImportView } from "./types";
import { UndoDialog } from "./undo-dialog";

/** What came of it: totals, failed rows, warnings, the records, and the way back. */
export function ResultStep({ view, result }: { view: ImportView; result: ImportResult }) {
  const [undoing, setUndoing] = useState(false);
  const { summary } = result;
  return (
    <Stack gap="xl">
      {view.state === "undoing" && view.undo ? <ProgressPanel jobId={view.undo.jobId} /> : null}
      {view.state === "undone" ? <UndoneNote view={view} /> : null}
      <Stack gap="sm" component="section" aria-labelledby="result-title">
        <Group gap="xs">
          <IconCheck size={22} color="var(--mantine-color-green-light-color)" aria-hidden />
          <Title order={2} id="result-title">
            {headline(summary)}
          </Title>
        </Group>
        <Text size="sm" c="dimmed" className="tabular">
          {countOf(summary.totalRecords, "row")} in {formatElapsed(result.durationMs)}
        </Text>
        <CountGrid
          label="Result"
          counts={(
            [
              ["Imported", summary.imported],
              ["Updated", summary.updated],
              ["Unchanged", summary.unchanged],
              ["Passed over", summary.skipped],
              ["Failed", summary.failed],
            ] as [string, number][]
          ).filter(([label, count]) => count > 0 || label === "Imported" || label === "Failed")}
        />
        <Group gap="sm" mt="xs">
          {view.collectionId && view.state !== "undone" && view.state !== "undoing" ? (
            <Button
              component={Link}
              href={`/collections/${view.collectionId}`}
              leftSection={<IconTable size={17} aria-hidden />}
            >
              Show the records
            </Button>
          ) : null}
          {view.undoableUntil ? (
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={17} aria-hidden />}
              onClick={() => setUndoing(true)}
            >
              Undo this import
            </Button>
          ) : null}
          <Button component={Link} href="/import" variant="subtle">
            Import another file
          </Button>
        </Group>
        {view.undoableUntil ? (
          <Text size="xs" c="dimmed">
            Can be undone until {formatMoment(view.undoableUntil)}.
          </Text>
        ) : null}
      </Stack>
      <Sentences title="Worth knowing" sentences={result.warnings} color="yellow" />
      <Sentences title="What you could do next" sentences={result.recommendations} color="harbour" />
      {summary.failed > 0 && view.state !== "undone" && view.state !== "undoing" ? (
        <FailedRows view={view} count={summary.failed} />
      ) : null}
      {undoing ? <UndoDialog importId={view.id} onClose={() => setUndoing(false)} /> : null}
    </Stack>
  );
}

function headline({ imported, updated }: ImportResult["summary"]): string {
  if (imported === 0 && updated === 0) return "Nothing had to be changed";
  if (updated === 0) return `${countOf(imported, "row")} imported`;
  if (imported === 0) return `${countOf(updated, "record")} updated`;
  return `${countOf(imported, "row")} imported, ${countOf(updated, "record")} updated`;
}

function UndoneNote({ view }: { view: ImportView }) {
  const { undo } = view;
  return (
    <Alert
      color="gray"
      icon={<IconArrowBackUp size={18} aria-hidden />}
      title="This import was undone"
      role="status"
    >
      {undo
        ? `${countOf(undo.removed, "record")} removed, ${countOf(undo.restored, "record")} restored, ${countOf(undo.kept, "record")} kept as edited later.`
        : "Your records are as they were before."}
    </Alert>
  );
}

function Sentences({
  title,
  sentences,
  color,
}: {
  title: string;
  sentences: readonly string[];
  color: string;
}) {
  if (sentences.length === 0) return null;
  return (
    <Alert title={title} color={color}>
      <List size="sm" spacing={4}>
        {sentences.map((sentence, index) => (
          <List.Item key={index}>{sentence}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
