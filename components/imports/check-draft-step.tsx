"use client";

import { Alert, Button, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { DateOrderQuestion, dateOrderIsOpen } from "./date-order-question";
import { ImportOptionsForm } from "./import-options";
import { PreviewTable } from "./preview-table";
import { previewQuery, useDraftIsChanging, useMoveImport } from "./queries";
import { SuggestedKey } from "./suggested-key";
import type { ImportPreview, ImportView } from "@/lib/contracts/import-view";

/** The first rows as they will be stored; then every row of the file is read and compared, still without writing. */
export function CheckDraftStep({ view, onBack }: { view: ImportView; onBack: () => void }) {
  const preview = useQuery(previewQuery(view.id));
  const move = useMoveImport(view.id);
  const busy = useDraftIsChanging(view.id);
  const [unanswered, setUnanswered] = useState(false);
  const open = dateOrderIsOpen(view);

  function checkAll() {
    setUnanswered(open);
    if (!open) move.mutate({ verb: "start", body: { stopBeforeApply: true } });
  }

  return (
    <Stack gap="xl">
      <Stack gap="sm" component="section" aria-labelledby="preview-title">
        <Title order={2} id="preview-title">
          First rows as they will be stored
        </Title>
        {preview.isPending ? <Skeleton height={280} radius="lg" /> : null}
        {preview.isError ? (
          <ProblemAlert
            error={preview.error}
            title="The preview could not be made"
            onRetry={() => void preview.refetch()}
          />
        ) : null}
        {preview.data ? (
          <>
            <Text size="sm" c="dimmed" aria-live="polite">
              {summaryOf(preview.data)}
            </Text>
            <PreviewProblems preview={preview.data} />
            <PreviewTable preview={preview.data} />
          </>
        ) : null}
      </Stack>
      <DateOrderQuestion view={view} />
      {preview.data?.suggestedKey ? <SuggestedKey view={view} field={preview.data.suggestedKey} /> : null}
      <ImportOptionsForm view={view} />
      {unanswered && open ? (
        <Alert color="red" role="alert">
          Say above whether day or month comes first in the dates. Ferry does not guess.
        </Alert>
      ) : null}
      <ProblemAlert error={move.error} title="The check did not begin" />
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          Back to mapping
        </Button>
        <Button onClick={checkAll} loading={move.isPending || busy}>
          Check all rows
        </Button>
      </Group>
    </Stack>
  );
}

function PreviewProblems({ preview }: { preview: ImportPreview }) {
  if (preview.problems.length === 0) return null;
  return (
    <Alert color="yellow" title="The mapping has open questions">
      <List size="sm">
        {preview.problems.map((problem, index) => (
          <List.Item key={index}>{problem.message}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function summaryOf(preview: ImportPreview): string {
  const cells = preview.rows.flatMap((row) => row.cells);
  const wrong = cells.filter((cell) => cell.error).length;
  const corrected = cells.filter((cell) => cell.correction).length;
  const parts = [
    wrong > 0 ? `${countOf(wrong, "cell")} cannot be stored` : "every cell can be stored",
    ...(corrected > 0 ? [`${countOf(corrected, "cell")} corrected`] : []),
  ];
  return `${countOf(preview.rows.length, "row")}: ${parts.join(", ")}. Nothing has been written yet.`;
}
