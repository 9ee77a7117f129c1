"use client";

import { Alert, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconMinus, IconPlugConnected, IconX } from "@tabler/icons-react";
import { formatBytes } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { StorageStep, StorageTest } from "@/lib/contracts/storage";
import { useTestStorage } from "./queries";

const STEPS: Record<StorageStep, string> = {
  write: "Write a file",
  read: "Read it back and compare",
  range: "Read a part of it",
  list: "Find it in the list",
  delete: "Delete it",
  direct: "Send a file as a browser would",
};

/** "Test this storage": tries everything that Ferry needs of it, and says what is wrong. */
export function StorageTestPanel() {
  const test = useTestStorage();
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Stack gap={0} style={{ flex: "1 1 16rem" }}>
          <Text fw={600}>Does the storage work?</Text>
          <Text size="sm" c="dimmed">
            Writes a file of 9 MB, reads it back, and deletes it.
          </Text>
        </Stack>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={17} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Test this storage
        </Button>
      </Group>
      <div role="status">{test.data ? <Outcome test={test.data} /> : null}</div>
      {test.isError ? <ProblemAlert error={test.error} title="The test could not be made" /> : null}
    </Stack>
  );
}

function Outcome({ test }: { test: StorageTest }) {
  return (
    <Stack gap="sm">
      <Alert
        color={test.ok ? "teal" : "red"}
        title={test.ok ? "The storage works" : "The storage does not work"}
      />
      <Stack
        component="ol"
        gap="xs"
        aria-label="Steps of the test"
        style={{ listStyle: "none", margin: 0, padding: 0 }}
      >
        {test.steps
          .filter((step) => step.step !== "direct" || step.outcome !== "skipped")
          .map((step) => (
            <StepLine key={step.step} result={step} />
          ))}
      </Stack>
    </Stack>
  );
}

const LOOKS = {
  ok: { color: "teal", icon: IconCheck, label: "worked" },
  failed: { color: "red", icon: IconX, label: "failed" },
  skipped: { color: "gray", icon: IconMinus, label: "not tried" },
} as const;

function StepLine({ result }: { result: StorageTest["steps"][number] }) {
  const look = LOOKS[result.outcome];
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon size={22} radius="xl" variant="light" color={look.color} role="img" aria-label={look.label}>
        <look.icon size={14} aria-hidden />
      </ThemeIcon>
      <Stack gap={0} style={{ minWidth: 0 }}>
        <Text size="sm">
          {STEPS[result.step]}
          <Text span c="dimmed" className="tabular">
            {measureText(result)}
          </Text>
        </Text>
        {result.error ? <Text size="sm">{result.error.message}</Text> : null}
      </Stack>
    </Group>
  );
}

function measureText({ ms, bytesPerSecond }: StorageTest["steps"][number]): string {
  if (ms === null) return "";
  const speed = bytesPerSecond === null ? "" : `, ${formatBytes(bytesPerSecond)} a second`;
  return ` · ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms${speed}`;
}
