"use client";

import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Share } from "@/lib/contracts/shares";
import { AccessLog } from "./access-log";
import { useRevokeShare } from "./queries";
import classes from "./shares.module.css";
import { shareSummary, STATE_LOOKS } from "./words";

/** One link: its state, how it was used, and its end. */
export function ShareItem({ share, now }: { share: Share; now: number }) {
  const [logShown, setLogShown] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const { label, color } = STATE_LOOKS[share.state];
  const made = formatMoment(share.createdAt);
  return (
    <li className={classes.item}>
      <Stack gap={2} className={classes.words}>
        <Group gap="xs">
          <Text fw={550}>Made {made}</Text>
          <Badge color={color}>{label}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {shareSummary(share, now)}
        </Text>
      </Stack>
      <Group gap="xs">
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={logShown}
          aria-label={`Log of the link made ${made}`}
          onClick={() => setLogShown(!logShown)}
        >
          Log
        </Button>
        {share.state === "open" ? (
          <Button
            size="xs"
            variant="default"
            aria-label={`Revoke the link made ${made}`}
            onClick={() => setRevoking(true)}
          >
            Revoke
          </Button>
        ) : null}
      </Group>
      {logShown ? <AccessLog shareId={share.id} /> : null}
      {revoking ? <RevokeDialog share={share} onClose={() => setRevoking(false)} /> : null}
    </li>
  );
}

function RevokeDialog({ share, onClose }: { share: Share; onClose: () => void }) {
  const revoke = useRevokeShare(share);
  return (
    <Modal opened onClose={onClose} title="Revoke this link?">
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
            onClick={() => revoke.mutate(undefined, { onSuccess: onClose })}
          >
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
