import { Progress, Stack, Text } from "@mantine/core";
import { formatBytes } from "@/components/format";
import type { StorageInfo } from "@/lib/contracts/storage";

/** From here on the next backups may not fit. */
const NEARLY_FULL = 0.85;

/** How much of what a user's backups may take up is used, and what to do when little is left. */
export function QuotaUse({ quota }: { quota: NonNullable<StorageInfo["backupQuota"]> }) {
  const { usedBytes, maxBytes } = quota;
  const share = usedBytes / maxBytes;
  const isFull = usedBytes >= maxBytes;
  const color = isFull ? "red" : share >= NEARLY_FULL ? "orange" : "harbour";
  const text = `${formatBytes(usedBytes)} of ${formatBytes(maxBytes)} used by backups`;
  return (
    <Stack gap={6} mb="sm">
      <Text fw={600}>{text}</Text>
      <Progress value={Math.min(100, share * 100)} size={10} radius="md" color={color} aria-label={text} />
      <Text size="sm" c="dimmed">
        {isFull ? "No backup can be made until there is room. " : ""}
        Deleted backups count until they are removed, seven days later; safety backups have as much room of
        their own.
        {share >= NEARLY_FULL
          ? " Delete some, let your retention rules keep fewer, or ask whoever runs Ferry for more."
          : ""}
      </Text>
    </Stack>
  );
}
