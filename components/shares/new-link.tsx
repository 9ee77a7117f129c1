"use client";

import { Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { formatMoment } from "@/components/format";
import type { NewShare } from "@/lib/contracts/shares";

interface NewLinkProps {
  made: NewShare;
  onAnother: () => void;
}

/** A link that was just made: the one time that its address is shown. */
export function NewLink({ made, onAnother }: NewLinkProps) {
  const address = new URL(made.url, window.location.origin).href;
  return (
    <Stack gap="md">
      <Text size="sm" role="status">
        The link is ready, and works until {formatMoment(made.expiresAt)}. Copy it now: it is not shown again,
        since Ferry keeps no copy of it.
      </Text>
      <TextInput
        label="Link"
        readOnly
        value={address}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onAnother}>
          Make another
        </Button>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button
              onClick={copy}
              leftSection={copied ? <IconCheck size={17} aria-hidden /> : <IconCopy size={17} aria-hidden />}
            >
              {copied ? "Copied" : "Copy link"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}
