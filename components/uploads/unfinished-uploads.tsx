"use client";

import { Alert, List, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { formatBytes } from "@/components/format";
import { useNow } from "@/components/use-now";
import { rememberedUploads } from "./remembered";
import { useUploads } from "./uploads-provider";

/** After a reload: what was being sent, and how to go on. A page cannot open a file again by itself. */
export function UnfinishedUploads() {
  const { items } = useUploads();
  const mounted = useMounted();
  const now = useNow();
  if (!mounted) return null;
  const waiting = rememberedUploads(now).filter(
    (upload) => !items.some((item) => item.name === upload.name && item.sizeBytes === upload.sizeBytes),
  );
  if (waiting.length === 0) return null;
  return (
    <Alert icon={<IconHistory size={18} aria-hidden />} title="Unfinished uploads" role="status">
      <Text size="sm">Choose the same file again to continue where it stopped:</Text>
      <List size="sm" mt={4}>
        {waiting.map((upload) => (
          <List.Item key={upload.uploadId}>
            {upload.name} ({formatBytes(upload.sizeBytes)})
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
