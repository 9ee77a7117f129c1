"use client";

import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDownload, IconFileExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { collectionsQuery } from "@/components/collections/queries";
import { formatBytes } from "@/components/format";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import { ExportForm } from "./export-form";
import { exportQuery, useStartExport } from "./queries";

interface ExportButtonProps {
  /** The collection that is exported; without one, the dialog asks. */
  collection?: Collection;
}

export function ExportButton({ collection }: ExportButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant={collection ? "default" : "filled"}
        leftSection={<IconFileExport size={17} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {collection ? "Export" : "New export"}
      </Button>
      {opened ? <ExportDialog collection={collection} onClose={() => setOpened(false)} /> : null}
    </>
  );
}

/** Asks what is to be exported, makes the file in the background, and hands it over. */
function ExportDialog({ collection, onClose }: ExportButtonProps & { onClose: () => void }) {
  const start = useStartExport();
  const narrow = useMediaQuery("(max-width: 36em)");
  const title = collection ? `Export “${collection.name}”` : "New export";
  return (
    <Modal opened onClose={onClose} title={title} size="lg" fullScreen={narrow}>
      {start.data ? (
        <ExportProgress id={start.data.id} jobId={start.data.jobId} onClose={onClose} />
      ) : (
        <FormWithCollections collection={collection} start={start} onClose={onClose} />
      )}
    </Modal>
  );
}

interface FormWithCollectionsProps extends ExportButtonProps {
  start: ReturnType<typeof useStartExport>;
  onClose: () => void;
}

function FormWithCollections({ collection, start, onClose }: FormWithCollectionsProps) {
  const all = useQuery({ ...collectionsQuery, enabled: collection === undefined });
  if (!collection && all.isPending) return <Skeleton height={320} radius="lg" />;
  if (!collection && !all.data) {
    return (
      <ProblemAlert
        error={all.error}
        title="The collections could not be loaded"
        onRetry={() => void all.refetch()}
      />
    );
  }
  return (
    <ExportForm
      collections={all.data ?? []}
      only={collection}
      busy={start.isPending}
      error={start.error}
      onStart={(request) => start.mutate(request)}
      onClose={onClose}
    />
  );
}

function ExportProgress({ id, jobId, onClose }: { id: string; jobId: string; onClose: () => void }) {
  const made = useQuery(exportQuery(id));
  const ready = made.data?.state === "completed" ? made.data : undefined;
  return (
    <Stack gap="md">
      {ready ? null : <ProgressPanel jobId={jobId} />}
      {made.data?.failure ? <Text size="sm">{made.data.failure.message}</Text> : null}
      <ProblemAlert error={made.error} title="The export could not be looked up" />
      {ready ? (
        <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }}>
          {ready.fileName} is ready{ready.size === null ? "" : ` (${formatBytes(ready.size)})`}. It stays
          under Exports until it expires.
        </Text>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {ready ? (
          <Button
            component="a"
            href={ready.downloadUrl ?? `/api/v1/exports/${id}/download`}
            download={ready.fileName}
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            Download
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
