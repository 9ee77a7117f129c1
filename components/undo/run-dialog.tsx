"use client";

import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import classes from "./undo.module.css";

interface RunDialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  preview: { isPending: boolean; isError: boolean; error: Error | null };
  /** Said when there is no preview: why stands below it. */
  refused: string;
  /** It asks about records: room for a list of them. */
  asks?: boolean;
  children: ReactNode;
}

/**
 * The frame of what undoes an import or a restore, or brings it back: first it is looked at what would change. Rendered
 * also while closed: so the focus goes back to where it came from.
 */
export function RunDialog({
  title,
  opened,
  onClose,
  preview,
  refused,
  asks = false,
  children,
}: RunDialogProps) {
  const phone = useMediaQuery("(max-width: 48em)");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={asks ? "xl" : "md"}
      fullScreen={phone === true && asks}
    >
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={90} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title={refused} /> : null}
        {children}
      </Stack>
    </Modal>
  );
}

interface RunActionsProps {
  /** Of the last try, with its headline. */
  error: Error | null;
  failed: string;
  leave: string;
  go: string;
  color?: string;
  isReady: boolean;
  isPending: boolean;
  onLeave: () => void;
  onGo: () => void;
}

/** Leave it as it is, or begin. */
export function RunActions(props: RunActionsProps) {
  return (
    <>
      <ProblemAlert error={props.error} title={props.failed} />
      <Group justify="flex-end" className={classes.actions}>
        <Button variant="default" onClick={props.onLeave}>
          {props.leave}
        </Button>
        <Button color={props.color} disabled={!props.isReady} loading={props.isPending} onClick={props.onGo}>
          {props.go}
        </Button>
      </Group>
    </>
  );
}

/** What it does to records that nobody has touched since, in sentences. Empty ones are left out; `otherwise` without any. */
export function RunSummary({ lines, otherwise }: { lines: readonly string[]; otherwise: string }) {
  const said = lines.filter((line) => line !== "");
  if (said.length === 0) return <Text size="sm">{otherwise}</Text>;
  return (
    <List size="sm" spacing={4}>
      {said.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}
