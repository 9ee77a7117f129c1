import { ColorSwatch, Progress, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { formatBytes, formatCount } from "@/components/format";
import type { StorageInfo, StoredKind } from "@/lib/contracts/storage";
import { QuotaUse } from "./quota-use";

const KINDS: Record<StoredKind, { label: string; color: string }> = {
  "full-backups": { label: "Full backups", color: "harbour-7" },
  "incremental-backups": { label: "Incremental backups", color: "harbour-4" },
  "safety-backups": { label: "Safety backups, made before restores", color: "yellow-6" },
  exports: { label: "Exports", color: "grape-6" },
  uploads: { label: "Uploads", color: "blue-6" },
};

/** A kind of which there is a little would otherwise be no bar at all. */
const SHARE_SHOWN_MIN = 0.6;

/** What is stored, by kind: as one bar for the eye, and as a table that says the same. */
export function StorageUse({ use, quota }: { use: StorageInfo["use"]; quota: StorageInfo["backupQuota"] }) {
  const totalBytes = use.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const shareOf = (sizeBytes: number) => (totalBytes === 0 ? 0 : (sizeBytes / totalBytes) * 100);
  const shown = use.filter(({ sizeBytes }) => sizeBytes > 0);
  return (
    <Stack gap="sm">
      {quota ? <QuotaUse quota={quota} /> : null}
      <Text fw={600}>{totalBytes === 0 ? "Nothing is stored yet" : `${formatBytes(totalBytes)} stored`}</Text>
      <Progress.Root size={20} radius="md" aria-hidden>
        {shown.map(({ kind, sizeBytes }) => (
          <Progress.Section
            key={kind}
            value={Math.max(SHARE_SHOWN_MIN, shareOf(sizeBytes))}
            color={`var(--mantine-color-${KINDS[kind].color})`}
            withAria={false}
          />
        ))}
      </Progress.Root>
      <Table aria-label="Stored, by kind" verticalSpacing={6} horizontalSpacing={8} withRowBorders={false}>
        <Table.Caption ta="start">
          Uploads are removed a day after they were sent, or when their import ends; exports when they expire;
          a deleted backup seven days later.
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th ta="right">Files</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
            <Table.Th ta="right" visibleFrom="xs">
              Share
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {use.map(({ kind, count, sizeBytes }) => (
            <Table.Tr key={kind}>
              <Table.Th scope="row" fw={400}>
                <span style={{ display: "flex", alignItems: "center", gap: 10 }}>
                  <ColorSwatch
                    size={12}
                    withShadow={false}
                    color={`var(--mantine-color-${KINDS[kind].color})`}
                    aria-hidden
                  />
                  {KINDS[kind].label}
                </span>
              </Table.Th>
              <Table.Td ta="right" className="tabular">
                {formatCount(count)}
              </Table.Td>
              <Table.Td ta="right" className="tabular" style={{ whiteSpace: "nowrap" }}>
                {formatBytes(sizeBytes)}
              </Table.Td>
              <Table.Td ta="right" className="tabular" visibleFrom="xs">
                {shareText(shareOf(sizeBytes), sizeBytes)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function shareText(share: number, sizeBytes: number) {
  if (sizeBytes === 0) {
    return (
      <>
        <span aria-hidden>–</span>
        <VisuallyHidden>none</VisuallyHidden>
      </>
    );
  }
  return share < 1 ? "< 1 %" : `${Math.round(share)} %`;
}
