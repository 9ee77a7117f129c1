"use client";

import { Alert, Button, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { messageOf, ProblemError } from "./api";

interface ProblemAlertProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

const ERRORS_SHOWN_MAX = 6;

/** Says what failed in the server's own words, and offers the way on. Announced when it appears. */
export function ProblemAlert({ error, title = "That did not work", onRetry }: ProblemAlertProps) {
  if (error === null || error === undefined) return null;
  // A single fault is often told as a whole and at its place, in the same words.
  const details =
    error instanceof ProblemError ? error.errors.filter(({ message }) => message !== error.message) : [];
  return (
    <Alert role="alert" color="red" title={title} icon={<IconAlertTriangle size={18} aria-hidden />}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{messageOf(error)}</Text>
        {details.length > 0 ? (
          <List size="sm">
            {details.slice(0, ERRORS_SHOWN_MAX).map((detail, index) => (
              <List.Item key={index}>
                {detail.path ? `${detail.path}: ${detail.message}` : detail.message}
              </List.Item>
            ))}
          </List>
        ) : null}
        {onRetry ? (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}
