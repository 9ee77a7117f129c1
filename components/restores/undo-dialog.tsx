"use client";

import { Button, Group, List, Modal, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { LaterImports } from "@/components/undo/later-imports";
import type { RestoreUndoPreview } from "@/lib/contracts/restores";
import { restoreUndoQuery, useUndoRestore } from "./queries";

interface DialogProps {
  restoreId: string;
  opened: boolean;
  onClose: () => void;
}

/**
 * Shows what an undo would do, asks about records that were edited since, and begins it. The page behind shows how far
 * it is. Rendered also while closed: so the focus goes back to where it came from.
 */
export function RestoreUndoDialog({ restoreId, opened, onClose }: DialogProps) {
  const preview = useQuery({ ...restoreUndoQuery(restoreId), enabled: opened });
  const undo = useUndoRestore(restoreId);
  const [changedSince, setChangedSince] = useState<"keep" | "revert">("keep");
  return (
    <Modal opened={opened} onClose={onClose} title="Undo this restore">
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={90} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be undone" /> : null}
        {preview.data ? (
          <>
            <Summary preview={preview.data} />
            {preview.data.changedSinceCount > 0 ? (
              <EditedSince preview={preview.data} value={changedSince} onChange={setChangedSince} />
            ) : null}
            <Text size="sm" c="dimmed">
              The undo can itself be taken back.
            </Text>
          </>
        ) : null}
        <ProblemAlert error={undo.error} title="The undo did not begin" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep the restore
          </Button>
          <Button
            color="red"
            disabled={!preview.data}
            loading={undo.isPending}
            onClick={() => undo.mutate({ changedSince }, { onSuccess: onClose })}
          >
            Undo
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Summary({ preview }: { preview: RestoreUndoPreview }) {
  const { toRemove, toRestore, toReinsert, collectionsToRemove } = preview;
  const lines = [
    toRemove > 0 ? `${countOf(toRemove, "record")} that came back will be removed again.` : "",
    toRestore > 0 ? `${countOf(toRestore, "record")} that it changed will be as before.` : "",
    toReinsert > 0 ? `${countOf(toReinsert, "record")} that it removed will be put back.` : "",
    collectionsToRemove.length > 0
      ? `Gone again, unless something was added: ${collectionsToRemove.map(({ name }) => name).join(", ")}.`
      : "",
  ].filter((line) => line !== "");
  return (
    <>
      {lines.length > 0 ? (
        <List size="sm" spacing={4}>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      ) : (
        <Text size="sm">No record has to change.</Text>
      )}
      <LaterImports title="Later imports built on this restore" imports={preview.laterImports}>
        They changed records of it, so those records count as edited. To go back all the way, undo the latest
        first.
      </LaterImports>
    </>
  );
}

interface EditedSinceProps {
  preview: RestoreUndoPreview;
  value: "keep" | "revert";
  onChange: (value: "keep" | "revert") => void;
}

const NAMED_MAX = 5;

function EditedSince({ preview, value, onChange }: EditedSinceProps) {
  const { changedSince, changedSinceCount } = preview;
  return (
    <Stack gap="xs">
      <Radio.Group
        label={`${countOf(changedSinceCount, "record")} ${changedSinceCount === 1 ? "was" : "were"} edited since the restore`}
        value={value}
        onChange={(chosen) => onChange(chosen === "revert" ? "revert" : "keep")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="keep" label="Keep them all as they are now" />
          <Radio value="revert" label="Take them all back too; the edits are lost" />
        </Stack>
      </Radio.Group>
      <List size="sm" c="dimmed">
        {changedSince.slice(0, NAMED_MAX).map((record) => (
          <List.Item key={record.recordId}>
            {nameOf(record.current)} in {record.collectionName}: {record.fields.join(", ")}
          </List.Item>
        ))}
        {changedSinceCount > NAMED_MAX ? (
          <List.Item>and {countOf(changedSinceCount - NAMED_MAX, "other")}</List.Item>
        ) : null}
      </List>
    </Stack>
  );
}

/** A record by the first of its texts. */
function nameOf(values: Record<string, string | number | boolean>): string {
  const text = Object.values(values).find((value) => typeof value === "string" && value !== "");
  return text === undefined ? "A record" : `“${String(text)}”`;
}
