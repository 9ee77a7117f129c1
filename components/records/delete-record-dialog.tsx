"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { ProblemAlert } from "@/components/problem-alert";
import type { RecordView } from "@/lib/contracts/records";
import { tellDeleted } from "./deleted-notice";
import { useDeleteRecord } from "./queries";

interface DeleteRecordDialogProps {
  collectionId: string;
  record: RecordView;
  /** How the person knows it: the text of its first column. */
  name: string;
  onClose: () => void;
}

export function DeleteRecordDialog({ collectionId, record, name, onClose }: DeleteRecordDialogProps) {
  const client = useQueryClient();
  const remove = useDeleteRecord(collectionId);
  return (
    <Modal opened onClose={onClose} title="Delete this record?">
      <Stack gap="md">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {name === "" ? "The record" : `“${name}”`} will be removed. You can undo that right afterwards.
        </Text>
        <ProblemAlert error={remove.error} title="It was not deleted" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(record, {
                onSuccess: () => {
                  tellDeleted(client, collectionId, record);
                  onClose();
                },
              })
            }
          >
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
