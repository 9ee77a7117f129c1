"use client";

import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconTable } from "@tabler/icons-react";
import Link from "next/link";
import { countOf, formatElapsed } from "@/components/format";
import { UndoButton, UndoNote, UndoState } from "@/components/undo/undo-state";
import { isBeingUndone } from "@/components/undo/undoable";
import type { ImportResult } from "@/lib/contracts/imports";
import { FailedRows } from "./failed-rows";
import { CountGrid, passedOver } from "./plan-counts";
import { RowsByKind } from "./rows-by-kind";
import type { ImportView } from "@/lib/contracts/import-view";

/** What came of it: totals, failed rows, warnings, the records, and the way back. */
export function ResultStep({ view, result }: { view: ImportView; result: ImportResult }) {
  const { summary } = result;
  return (
    <Stack gap="xl">
      <UndoState view={view} />
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
              ["Removed", summary.deleted],
              ["Unchanged", summary.unchanged],
              ["Passed over", passedOver(summary)],
              ["Failed", summary.failed],
            ] as [string, number][]
          ).filter(([label, count]) => count > 0 || label === "Imported" || label === "Failed")}
        />
        <Group gap="sm" mt="xs">
          {view.collectionId && view.state !== "undone" && !isBeingUndone(view) ? (
            <Button
              component={Link}
              href={`/collections/${view.collectionId}`}
              leftSection={<IconTable size={17} aria-hidden />}
            >
              Show the records
            </Button>
          ) : null}
          <UndoButton view={view} />
          <Button component={Link} href="/import" variant="subtle">
            Import another file
          </Button>
        </Group>
        <UndoNote view={view} />
        <RowsByKind
          importId={view.id}
          fields={view.fields}
          kinds={[
            { status: "updated", label: "Updated", count: summary.updated },
            { status: "imported", label: "Imported", count: summary.imported },
            { status: "unchanged", label: "Unchanged", count: summary.unchanged },
          ]}
        />
      </Stack>
      <Sentences title="Worth knowing" sentences={result.warnings} color="yellow" />
      <Sentences title="What you could do next" sentences={result.recommendations} color="harbour" />
      {summary.failed > 0 && view.state !== "undone" && !isBeingUndone(view) ? (
        <FailedRows view={view} count={summary.failed} />
      ) : null}
    </Stack>
  );
}

function headline({ imported, updated, deleted }: ImportResult["summary"]): string {
  const parts = [
    imported > 0 ? `${countOf(imported, "row")} imported` : "",
    updated > 0 ? `${countOf(updated, "record")} updated` : "",
    deleted > 0 ? `${countOf(deleted, "record")} removed` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(", ") : "Nothing had to be changed";
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
