"use client";

import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ProblemAlert } from "@/components/problem-alert";
import { useRotateKey } from "./queries";

/** Says what a new key changes and what it does not, and makes it. */
export function RotateDialog({ onClose }: { onClose: () => void }) {
  const rotate = useRotateKey();
  return (
    <Modal opened onClose={onClose} title="Change the key?">
      <Stack gap="md">
        <Text size="sm">Do this when somebody may have seen your emergency kit.</Text>
        <List size="sm" spacing={4}>
          <List.Item>Backups from now on are encrypted to a new key.</List.Item>
          <List.Item>
            Backups that are there already still open with the old one, which is kept. Delete those that
            somebody else might read.
          </List.Item>
          <List.Item>The next backup is a full one.</List.Item>
          <List.Item>A printed emergency kit lacks the new key: print it again.</List.Item>
        </List>
        <ProblemAlert error={rotate.error} title="The key was not changed" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep this key
          </Button>
          <Button
            loading={rotate.isPending}
            onClick={() =>
              rotate.mutate(undefined, {
                onSuccess: () => {
                  onClose();
                  notifications.show({
                    title: "The key is changed",
                    message: "Print your emergency kit again: it lacks the new key.",
                  });
                },
              })
            }
          >
            Change the key
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
