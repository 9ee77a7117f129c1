"use client";

import { Button, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconShare } from "@tabler/icons-react";
import { useState } from "react";
import type { Export } from "@/lib/contracts/exports";
import type { NewShare } from "@/lib/contracts/shares";
import { NewLink } from "./new-link";
import { ShareForm } from "./share-form";
import { ShareList } from "./share-list";

/** Opens the links of a finished export. */
export function ShareButton({ one }: { one: Export }) {
  const [opened, setOpened] = useState(false);
  const narrow = useMediaQuery("(max-width: 36em)");
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconShare size={16} aria-hidden />}
        aria-label={`Share ${one.fileName}`}
        onClick={() => setOpened(true)}
      >
        Share
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Share ${one.fileName}`}
        size="lg"
        fullScreen={narrow}
      >
        <Links one={one} />
      </Modal>
    </>
  );
}

/** Makes links to the file, and lists them. */
function Links({ one }: { one: Export }) {
  const [made, setMade] = useState<NewShare | null>(null);
  return (
    <Stack gap="xl">
      {made ? (
        <NewLink made={made} onAnother={() => setMade(null)} />
      ) : (
        <ShareForm one={one} onMade={setMade} />
      )}
      <ShareList exportId={one.id} />
    </Stack>
  );
}
