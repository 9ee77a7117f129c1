import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** What every page shows until its own parts are there. */
export function PageSkeleton() {
  return (
    <Stack gap="lg" role="status">
      <VisuallyHidden>Loading…</VisuallyHidden>
      <Stack gap={8}>
        <Skeleton height={26} width={220} />
        <Skeleton height={14} width="min(420px, 80%)" />
      </Stack>
      <Skeleton height={120} radius="lg" />
      <Skeleton height={240} radius="lg" />
    </Stack>
  );
}
