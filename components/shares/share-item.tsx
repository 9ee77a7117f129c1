"use client";

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { formatMoment } from "@/components/format";
import type { Share } from "@/lib/contracts/shares";
import { AccessLog } from "./access-log";
import { RevokeDialog } from "./revoke-dialog";
import classes from "./shares.module.css";
import { shareSummary, STATE_LOOKS } from "./words";

/** One link: its state, how it was used, and its end. */
export function ShareItem({ share, now }: { share: Share; now: number }) {
  const [logShown, setLogShown] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const logButton = useRef<HTMLButtonElement>(null);
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
          ref={logButton}
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
      <RevokeDialog
        share={share}
        opened={revoking}
        onClose={() => setRevoking(false)}
        // The button that opened the dialog is gone by then.
        onRevoked={() => logButton.current?.focus()}
      />
    </li>
  );
}
