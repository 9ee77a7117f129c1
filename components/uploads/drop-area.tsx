"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconCloudUpload } from "@tabler/icons-react";
import { useDropzone } from "react-dropzone";
import { formatBytes } from "@/components/format";
import { UPLOAD_BYTES_MAX } from "./check-file";
import classes from "./uploads.module.css";

interface DropAreaProps {
  onFiles: (files: File[]) => void;
  title?: string;
  /** What may be given, in a sentence. */
  hint?: string;
  /** Names the area, for those who do not see it. */
  label?: string;
  /** By which browser tests find the input. */
  testId?: string;
  compact?: boolean;
}

const IMPORT_HINT = `CSV, Excel (.xlsx) or JSON, also packed (.zip, .gz), up to ${formatBytes(UPLOAD_BYTES_MAX)}.`;

/** Takes files by drop, or by the button (which is also the way for the keyboard). */
export function DropArea({
  onFiles,
  title = "Drop files to import",
  hint = IMPORT_HINT,
  label = "Files to import",
  testId = "file-input",
  compact = false,
}: DropAreaProps) {
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
      {...getRootProps({ className: classes.drop, role: "group", "aria-label": label })}
      data-active={isDragActive || undefined}
      data-compact={compact || undefined}
      aria-busy={!isListening}
    >
      <input {...getInputProps({ style: { display: "none" } })} data-testid={testId} />
      <Group justify="center" gap={compact ? "md" : "lg"} wrap="wrap">
        <IconCloudUpload size={compact ? 30 : 44} stroke={1.3} className={classes.dropIcon} aria-hidden />
        <Stack gap={2} className={classes.dropText}>
          <Text fw={600} fz={compact ? "md" : "lg"}>
            {isDragActive ? "Let go to begin" : title}
          </Text>
          <Text size="sm" c="dimmed">
            {hint} Nothing is changed until you say so.
          </Text>
        </Stack>
        <Button onClick={open} variant={compact ? "default" : "filled"}>
          Choose files
        </Button>
      </Group>
    </div>
  );
}
