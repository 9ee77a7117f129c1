"use client";

import { ActionIcon, Alert, Anchor, Card, Group, Progress, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import Link from "next/link";
import { formatBytes } from "@/components/format";
import { PageHeader } from "@/components/ui/page-header";
import { DropArea } from "@/components/uploads/drop-area";
import { useRestoreDraft } from "./draft-context";
import { RestoreForm } from "./restore-form";
import { RestoreSteps } from "./restore-steps";
import { useBackupUploads, type BackupUpload } from "./use-backup-uploads";

/** A restore from files that somebody has: of another Ferry, or downloaded from this one. */
export function RestoreFilePage() {
  const { files, add, remove } = useBackupUploads();
  const [draft, setDraft] = useRestoreDraft("file");
  const ready = files.length > 0 && files.every(({ uploadId }) => uploadId !== undefined);
  const uploadIds = files.flatMap(({ uploadId }) => (uploadId === undefined ? [] : [uploadId]));
  return (
    <>
      <PageHeader
        title="Restore from a file"
        description="A backup that you downloaded, of this Ferry or another one. Of an incremental backup, choose the full one too and all between."
        before={
          <Anchor component={Link} href="/backups" size="sm">
            Backups
          </Anchor>
        }
      />
      <Stack gap="xl" maw={760}>
        <RestoreSteps step="choose" />
        <DropArea
          onFiles={add}
          title={files.length > 0 ? "Further files of the same chain" : "Drop a backup file here"}
          hint="ferry-backup-….tar.gz.age."
          label="Backup files to restore"
          testId="backup-input"
          compact={files.length > 0}
        />
        {files.length > 0 ? (
          <Stack
            component="ul"
            gap="sm"
            aria-label="Backup files"
            style={{ listStyle: "none", margin: 0, padding: 0 }}
          >
            {files.map((file) => (
              <FileCard key={file.id} file={file} onRemove={() => remove(file.id)} />
            ))}
          </Stack>
        ) : null}
        {files.length > 0 ? (
          <RestoreForm
            source={ready ? { kind: "upload", uploadIds } : null}
            encryption={undefined}
            draft={draft}
            onChange={setDraft}
          />
        ) : null}
      </Stack>
    </>
  );
}

function FileCard({ file, onRemove }: { file: BackupUpload; onRemove: () => void }) {
  const percent = file.sizeBytes === 0 ? 0 : Math.min(100, (file.sentBytes / file.sizeBytes) * 100);
  return (
    <Card component="li" padding="sm" style={{ background: "var(--ferry-surface)" }}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Stack gap={0} style={{ minWidth: 0 }}>
            <Text fw={550} style={{ overflowWrap: "anywhere" }}>
              {file.name}
            </Text>
            <Text size="sm" c="dimmed" role="status" className="tabular">
              {file.uploadId ? <IconCheck size={14} aria-hidden /> : null} {stateText(file)}
            </Text>
          </Stack>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            size="lg"
            aria-label={`Remove ${file.name}`}
            onClick={onRemove}
          >
            <IconX size={18} aria-hidden />
          </ActionIcon>
        </Group>
        {file.uploadId || file.message ? null : (
          <Progress value={percent} size="sm" aria-label={`Upload of ${file.name}`} />
        )}
        {file.message ? (
          <Alert color="red" role="alert" p="sm">
            {file.message}
          </Alert>
        ) : null}
      </Stack>
    </Card>
  );
}

function stateText({ uploadId, sizeBytes, sentBytes, message }: BackupUpload): string {
  if (message) return formatBytes(sizeBytes);
  if (uploadId) return `${formatBytes(sizeBytes)}, ready`;
  return `${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}`;
}
