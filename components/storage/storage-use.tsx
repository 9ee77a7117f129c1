import { ColorSwatch, Group, Progress, Stack, Text } from "@mantine/core";
import { countOf, formatBytes } from "@/components/format";
import type { StorageInfo, StoredKind } from "@/lib/contracts/storage";

const KINDS: Record<StoredKind, { label: string; one: string; color: string }> = {
  uploads: { label: "Uploads", one: "file", color: "blue.6" },
  exports: { label: "Exports", one: "file", color: "teal.7" },
  backups: { label: "Backups", one: "backup", color: "grape.6" },
};

/** What is stored, as one bar and in words. */
export function StorageUse({ use }: { use: StorageInfo["use"] }) {
  const totalBytes = use.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <Stack gap="sm">
      <Text fw={600}>{totalBytes === 0 ? "Nothing is stored yet" : `${formatBytes(totalBytes)} stored`}</Text>
      <Progress.Root size="lg" aria-hidden>
        {use.map(({ kind, sizeBytes }) => (
          <Progress.Section
            key={kind}
            value={totalBytes === 0 ? 0 : (sizeBytes / totalBytes) * 100}
            color={KINDS[kind].color}
            withAria={false}
          />
        ))}
      </Progress.Root>
      <Group
        component="ul"
        gap="xl"
        aria-label="Stored by kind"
        style={{ listStyle: "none", margin: 0, padding: 0 }}
      >
        {use.map(({ kind, count, sizeBytes }) => (
          <Group component="li" key={kind} gap="xs" wrap="nowrap" align="flex-start">
            <ColorSwatch
              size={12}
              mt={5}
              withShadow={false}
              color={`var(--mantine-color-${KINDS[kind].color.replace(".", "-")})`}
              aria-hidden
            />
            <Stack gap={0}>
              <Text size="sm">
                {KINDS[kind].label}: {formatBytes(sizeBytes)}
              </Text>
              <Text size="xs" c="dimmed">
                {countOf(count, KINDS[kind].one)}
              </Text>
            </Stack>
          </Group>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        Uploads are removed a day after they were sent, or when their import ends; exports when they expire.
      </Text>
    </Stack>
  );
}
