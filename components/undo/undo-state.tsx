"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useState } from "react";
import { countOf, formatMoment } from "@/components/format";
import type { ImportSummary } from "@/lib/contracts/import-view";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { RedoDialog } from "./redo-dialog";
import { UndoDialog } from "./undo-dialog";
import { isBeingUndone, leftChanges, whyNotUndoable } from "./undoable";

interface UndoProps {
  view: ImportSummary;
}

/** An undo (or its taking back) under way, live; or that the import was undone, and the way to bring it back. */
export function UndoState({ view }: UndoProps) {
  if (isBeingUndone(view)) return view.undo ? <ProgressPanel jobId={view.undo.jobId} /> : null;
  if (view.state !== "undone") return null;
  return (
    <Alert
      color="gray"
      icon={<IconArrowBackUp size={18} aria-hidden />}
      title="This import was undone"
      role="status"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{undoneSentence(view)}</Text>
        <RedoButton view={view} />
      </Stack>
    </Alert>
  );
}

/** The button that opens the undo; absent where there is nothing to undo. */
export function UndoButton({ view, size, label }: UndoProps & ButtonProps) {
  const [open, setOpen] = useState(false);
  if (whyNotUndoable(view) !== null) return null;
  return (
    <>
      <Button
        variant="default"
        size={size}
        leftSection={<IconArrowBackUp size={17} aria-hidden />}
        aria-label={label ? `${label} ${view.fileName}` : undefined}
        onClick={() => setOpen(true)}
      >
        {label ?? "Undo this import"}
      </Button>
      <UndoDialog importId={view.id} opened={open} onClose={() => setOpen(false)} />
    </>
  );
}

interface ButtonProps {
  size?: "xs" | "sm";
  /** In a list, where the file is named beside it. */
  label?: "Undo";
}

/** The button that opens the taking back of an undo. */
export function RedoButton({ view }: UndoProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowForwardUp size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Bring it back
      </Button>
      <RedoDialog importId={view.id} opened={open} onClose={() => setOpen(false)} />
    </>
  );
}

/** Until when an import can be undone, or why it cannot. */
export function UndoNote({ view }: UndoProps) {
  if (!leftChanges(view)) return null;
  const until = view.undoableUntil ? `Can be undone until ${formatMoment(view.undoableUntil)}.` : "";
  return (
    <Text size="xs" c="dimmed">
      {whyNotUndoable(view) ?? until}
    </Text>
  );
}

/** What an undo did, in one sentence. */
export function undoneSentence({ undo }: Pick<ImportSummary, "undo">): string {
  const parts = undo
    ? [
        undo.removed > 0 ? `${countOf(undo.removed, "record")} removed` : "",
        undo.restored > 0 ? `${countOf(undo.restored, "record")} restored` : "",
        undo.kept > 0 ? `${countOf(undo.kept, "record")} kept as edited later` : "",
      ].filter((part) => part !== "")
    : [];
  return parts.length > 0 ? `${parts.join(", ")}.` : "Your records are as they were before.";
}
