"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { ProblemAlert } from "@/components/problem-alert";
import type { Share } from "@/lib/contracts/shares";
import { useRevokeShare } from "./queries";

interface RevokeDialogProps {
  share: Share;
  opened: boolean;
  onClose: () => void;
  onRevoked: () => void;
}

/** Asks before a link is ended for good. */
export function RevokeDialog({ share, opened, onClose, onRevoked }: RevokeDialogProps) {
  const revoke = useRevokeShare(share);
  function done() {
    onClose();
    onRevoked();
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Revoke this link?">
      <Stack gap="md">
        <Text size="sm">
          Nobody can open it or download from it any more, and that cannot be taken back. The file stays, and
          so do other links to it.
        </Text>
        <ProblemAlert error={revoke.error} title="It was not revoked" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(undefined, { onSuccess: done })}
          >
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
