"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useState } from "react";
import { countOf, formatMoment } from "@/components/format";
import type { ImportView } from "@/components/imports/types";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { RedoDialog } from "./redo-dialog";
import { UndoDialog } from "./undo-dialog";
import { whyNotUndoable } from "./undoable";

type Undone = Pick<ImportView, "id" | "state" | "undo" | "collectionId" | "result" | "undoableUntil">;

/** An undo (or its taking back) under way, live; or that the import was undone, and the way to bring it back. */
export function UndoState({ view }: { view: Undone }) {
  const [bringingBack, setBringingBack] = useState(false);
  if (view.state === "undoing") return view.undo ? <ProgressPanel jobId={view.undo.jobId} /> : null;
  if (view.state !== "undone") return null;
  return (
    <>
      <Alert
        color="gray"
        icon={<IconArrowBackUp size={18} aria-hidden />}
        title="This import was undone"
        role="status"
      >
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{undoneSentence(view)}</Text>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowForwardUp size={16} aria-hidden />}
            onClick={() => setBringingBack(true)}
          >
            Bring it back
          </Button>
        </Stack>
      </Alert>
      {bringingBack ? <RedoDialog importId={view.id} onClose={() => setBringingBack(false)} /> : null}
    </>
  );
}

/** The button that opens the undo; absent where there is nothing to undo. */
export function UndoButton({ view, size }: { view: Undone; size?: "xs" | "sm" }) {
  const [open, setOpen] = useState(false);
  if (!view.undoableUntil || whyNotUndoable(view) !== null) return null;
  return (
    <>
      <Button
        variant="default"
        size={size}
        leftSection={<IconArrowBackUp size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Undo this import
      </Button>
      {open ? <UndoDialog importId={view.id} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Until when an import can be undone, or why it cannot. */
export function UndoNote({ view }: { view: Undone }) {
  if (view.state !== "completed" && view.state !== "completed_with_errors") return null;
  const text =
    whyNotUndoable(view) ??
    (view.undoableUntil ? `Can be undone until ${formatMoment(view.undoableUntil)}.` : "");
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}

function undoneSentence({ undo }: Undone): string {
  if (!undo) return "Your records are as they were before.";
  const parts = [
    undo.removed > 0 ? `${countOf(undo.removed, "record")} removed` : "",
    undo.restored > 0 ? `${countOf(undo.restored, "record")} restored` : "",
    undo.kept > 0 ? `${countOf(undo.kept, "record")} kept as edited later` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? `${parts.join(", ")}.` : "Your records are as they were before.";
}
