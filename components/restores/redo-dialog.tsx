"use client";

import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { RestoreRedoPreview } from "@/lib/contracts/restores";
import { restoreRedoQuery, useRedoRestore } from "./queries";

interface DialogProps {
  restoreId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what taking an undo back would do, and begins it. */
export function RestoreRedoDialog({ restoreId, opened, onClose }: DialogProps) {
  const preview = useQuery({ ...restoreRedoQuery(restoreId), enabled: opened });
  const redo = useRedoRestore(restoreId);
  return (
    <Modal opened={opened} onClose={onClose} title="Bring this restore back">
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={70} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be brought back" /> : null}
        {preview.data ? <Summary preview={preview.data} /> : null}
        <ProblemAlert error={redo.error} title="It was not brought back" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it undone
          </Button>
          <Button
            disabled={!preview.data}
            loading={redo.isPending}
            onClick={() => redo.mutate(undefined, { onSuccess: onClose })}
          >
            Bring it back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Summary({ preview }: { preview: RestoreRedoPreview }) {
  const lines = [
    preview.toReinsert > 0 ? `${countOf(preview.toReinsert, "record")} will be there again.` : "",
    preview.toRestore > 0
      ? `${countOf(preview.toRestore, "record")} will have the backup’s values again.`
      : "",
    preview.toRemove > 0 ? `${countOf(preview.toRemove, "record")} will be removed again.` : "",
    preview.changedSinceCount > 0
      ? `${countOf(preview.changedSinceCount, "record")} edited since the undo will stay.`
      : "",
  ].filter((line) => line !== "");
  if (lines.length === 0)
    return <Text size="sm">No record has to change; the restore counts as done again.</Text>;
  return (
    <List size="sm" spacing={4}>
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}
