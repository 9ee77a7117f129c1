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
      {opened ? <ShareDialog one={one} onClose={() => setOpened(false)} /> : null}
    </>
  );
}

function ShareDialog({ one, onClose }: { one: Export; onClose: () => void }) {
  const [made, setMade] = useState<NewShare | null>(null);
  const narrow = useMediaQuery("(max-width: 36em)");
  return (
    <Modal opened onClose={onClose} title={`Share ${one.fileName}`} size="lg" fullScreen={narrow}>
      <Stack gap="xl">
        {made ? (
          <NewLink made={made} onAnother={() => setMade(null)} />
        ) : (
          <ShareForm one={one} onMade={setMade} />
        )}
        <ShareList exportId={one.id} />
      </Stack>
    </Modal>
  );
}
