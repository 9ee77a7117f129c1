"use client";

import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconCheck } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { countOf, formatElapsed, formatMoment } from "@/components/format";
import { CountGrid } from "@/components/imports/plan-counts";
import type { RestoreView } from "@/lib/contracts/restores";
import { RestoreRedoDialog } from "./redo-dialog";
import { SafetyNote } from "./safety-note";
import { RestoreUndoDialog } from "./undo-dialog";

/** What came of it, what leads back, and where the records are. */
export function ResultStep({ view }: { view: RestoreView }) {
  const [undoing, setUndoing] = useState(false);
  const { result, state } = view;
  const touched = view.perCollection.filter(({ status }) => status !== "same");
  return (
    <Stack gap="lg">
      {state === "undone" ? <Undone view={view} /> : null}
      {result ? (
        <Stack gap="sm" component="section" aria-labelledby="result-title">
          <Group gap="xs">
            <IconCheck size={22} color="var(--mantine-color-green-light-color)" aria-hidden />
            <Title order={2} id="result-title">
              {headline(result)}
            </Title>
          </Group>
          <Text size="sm" c="dimmed">
            In {formatElapsed(result.durationMs)}
            {view.finishedAt ? `, ${formatMoment(view.finishedAt)}` : ""}
          </Text>
          <CountGrid
            label="Result"
            counts={(
              [
                ["Came back", result.added],
                ["Changed", result.changed],
                ["Removed", result.deleted],
                ["Stayed as they were", result.unchanged],
                ["Edited meanwhile, left alone", result.skipped],
                ["Not valid, left out", result.invalid],
                ["Collections made again", result.collectionsMade],
                ["Preferences set back", result.preferences],
                ["Notifications come back", result.notifications],
              ] as [string, number][]
            ).filter(([label, count]) => count > 0 || label === "Came back" || label === "Changed")}
          />
        </Stack>
      ) : null}
      <SafetyNote view={view} />
      {view.warnings.length > 0 ? (
        <Alert role="note" color="yellow" title="Worth knowing">
          <List size="sm" spacing={4}>
            {view.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {state === "undone" ? null : (
        <Group gap="sm">
          {touched.slice(0, 3).map((collection) => (
            <Button
              key={collection.collectionId}
              component={Link}
              href={`/collections/${collection.collectionId}`}
              variant="light"
            >
              Show {collection.name}
            </Button>
          ))}
          {view.undoableUntil ? (
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={17} aria-hidden />}
              onClick={() => setUndoing(true)}
            >
              Undo this restore
            </Button>
          ) : null}
        </Group>
      )}
      {view.undoableUntil && state !== "undone" ? (
        <Text size="xs" c="dimmed">
          Can be undone until {formatMoment(view.undoableUntil)}.
        </Text>
      ) : null}
      <RestoreUndoDialog restoreId={view.id} opened={undoing} onClose={() => setUndoing(false)} />
    </Stack>
  );
}

function Undone({ view: { id, undo } }: { view: RestoreView }) {
  const [open, setOpen] = useState(false);
  const parts = undo
    ? [
        undo.removed > 0 ? `${countOf(undo.removed, "record")} removed again` : "",
        undo.restored > 0 ? `${countOf(undo.restored, "record")} as before` : "",
        undo.reinserted > 0 ? `${countOf(undo.reinserted, "record")} put back` : "",
        undo.kept > 0 ? `${countOf(undo.kept, "record")} kept as edited later` : "",
        undo.preferences > 0 ? `${countOf(undo.preferences, "preference")} as before` : "",
        undo.notifications > 0 ? `${countOf(undo.notifications, "notification")} gone again` : "",
      ].filter((part) => part !== "")
    : [];
  return (
    <Alert
      color="gray"
      icon={<IconArrowBackUp size={18} aria-hidden />}
      title="This restore was undone"
      role="status"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {parts.length > 0 ? `${parts.join(", ")}.` : "Your records are as they were before."}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowForwardUp size={16} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          Bring it back
        </Button>
      </Stack>
      <RestoreRedoDialog restoreId={id} opened={open} onClose={() => setOpen(false)} />
    </Alert>
  );
}

function headline({
  added,
  changed,
  deleted,
  preferences,
  notifications,
}: NonNullable<RestoreView["result"]>): string {
  const parts = [
    added > 0 ? `${countOf(added, "record")} came back` : "",
    changed > 0 ? `${countOf(changed, "record")} changed` : "",
    deleted > 0 ? `${countOf(deleted, "record")} removed` : "",
    preferences > 0 ? `${countOf(preferences, "preference")} set back` : "",
    notifications > 0 ? `${countOf(notifications, "notification")} came back` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(", ") : "Nothing had to be changed";
}
