"use client";

import { ActionIcon, Alert, Anchor, Button, Card, Group, Progress, Stack, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconCheck, IconCloudUpload, IconX } from "@tabler/icons-react";
import Link from "next/link";
import { useDropzone } from "react-dropzone";
import { formatBytes } from "@/components/format";
import { PageHeader } from "@/components/ui/page-header";
import uploadClasses from "@/components/uploads/uploads.module.css";
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
        <FileDrop onFiles={add} compact={files.length > 0} />
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

function FileDrop({ onFiles, compact }: { onFiles: (files: File[]) => void; compact: boolean }) {
  // Until then nobody listens: a file that is given to the input is lost.
  const isListening = useMounted();
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDrop: (files) => {
      if (files.length > 0) onFiles(files);
    },
    noClick: true,
    noKeyboard: true,
  });
  return (
    <div
      {...getRootProps({
        className: uploadClasses.drop,
        role: "group",
        "aria-label": "Backup files to restore",
      })}
      data-active={isDragActive || undefined}
      data-compact={compact || undefined}
      aria-busy={!isListening}
    >
      <input {...getInputProps({ style: { display: "none" } })} data-testid="backup-input" />
      <Group justify="center" gap="lg" wrap="wrap">
        <IconCloudUpload
          size={compact ? 30 : 44}
          stroke={1.3}
          className={uploadClasses.dropIcon}
          aria-hidden
        />
        <Stack gap={2} className={uploadClasses.dropText}>
          <Text fw={600} fz={compact ? "md" : "lg"}>
            {isDragActive
              ? "Let go to begin"
              : compact
                ? "Further files of the same chain"
                : "Drop a backup file here"}
          </Text>
          <Text size="sm" c="dimmed">
            ferry-backup-….tar.gz.age. Nothing is changed until you say so.
          </Text>
        </Stack>
        <Button onClick={open} variant={compact ? "default" : "filled"}>
          Choose files
        </Button>
      </Group>
    </div>
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
