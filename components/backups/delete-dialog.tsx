"use client";

import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { countOf, formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Backup } from "@/lib/contracts/backups";
import { useDeleteBackup } from "./queries";
import { momentOf } from "./words";

interface DeleteDialogProps {
  backup: Backup;
  /** Those that cannot be restored without it. */
  dependents: readonly Backup[];
  onClose: () => void;
}

const LISTED_MAX = 5;

/** Says what is lost with a backup, and until when it can be taken back. */
export function DeleteDialog({ backup, dependents, onClose }: DeleteDialogProps) {
  const remove = useDeleteBackup();
  const all = dependents.length + 1;
  const hasFile = backup.state === "completed";
  return (
    <Modal opened onClose={onClose} title={all > 1 ? `Delete ${all} backups?` : "Delete this backup?"}>
      <Stack gap="md">
        <Text size="sm">
          The backup of {formatMoment(momentOf(backup))} will be deleted.
          {hasFile ? " For seven days it can be taken back from the list of deleted backups." : ""} Your
          records stay as they are.
        </Text>
        {dependents.length > 0 ? (
          <Stack gap={4}>
            <Text size="sm" fw={550}>
              {dependents.length === 1 ? "Another backup goes" : `${dependents.length} other backups go`} on
              from it and cannot be restored without it. {dependents.length === 1 ? "It is" : "They are"}{" "}
              deleted as well:
            </Text>
            <List size="sm">
              {dependents.slice(0, LISTED_MAX).map((one) => (
                <List.Item key={one.id}>{formatMoment(momentOf(one))}</List.Item>
              ))}
              {dependents.length > LISTED_MAX ? (
                <List.Item>and {countOf(dependents.length - LISTED_MAX, "other")}</List.Item>
              ) : null}
            </List>
          </Stack>
        ) : null}
        <ProblemAlert error={remove.error} title="It was not deleted" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {all > 1 ? "Keep them" : "Keep it"}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate({ id: backup.id, dependents: dependents.length > 0 }, { onSuccess: onClose })
            }
          >
            {all > 1 ? `Delete ${all} backups` : "Delete"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
