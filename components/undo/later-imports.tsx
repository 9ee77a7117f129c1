import { Alert, Anchor, List, Text } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { countOf, formatMoment } from "@/components/format";
import type { LaterImport } from "@/lib/contracts/imports";

interface LaterImportsProps {
  title: string;
  imports: LaterImport[];
  /** What they mean for what the person is about to do. */
  children: ReactNode;
}

/** Imports and restores that came after, each by its name with the way to it. Absent when there is none. */
export function LaterImports({ title, imports, children }: LaterImportsProps) {
  if (imports.length === 0) return null;
  return (
    <Alert color="yellow" title={title}>
      <Text size="sm">{children}</Text>
      <List size="sm" mt="xs" spacing={2}>
        {imports.map((later) => (
          <List.Item key={later.id}>
            <Anchor component={Link} href={pageOf(later)} size="sm">
              {later.fileName}
            </Anchor>
            {`, ${later.restoreId ? "restored " : ""}${formatMoment(later.finishedAt)}: ${countOf(later.records, "record")}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** A part of a restore has no page of its own. */
function pageOf({ id, restoreId }: LaterImport): string {
  return restoreId ? `/backups/restores/${restoreId}` : `/imports/${id}`;
}
