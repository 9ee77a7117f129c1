import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Above the title: where the person is, or the way back. */
  before?: ReactNode;
  actions?: ReactNode;
}

/** The head of every page: one h1, one sentence, and what can be done here. */
export function PageHeader({ title, description, before, actions }: PageHeaderProps) {
  return (
    <Stack gap={4} mb="lg" component="header">
      {before}
      <Group justify="space-between" align="flex-start" gap="sm" wrap="wrap">
        <Stack gap={4} style={{ minWidth: 0, flex: "1 1 16rem" }}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {description ? (
            <Text c="dimmed" size="sm" maw={640} component="div">
              {description}
            </Text>
          ) : null}
        </Stack>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
    </Stack>
  );
}
