import { Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { LogoMark } from "./logo";

interface FrontCardProps {
  title: string;
  description: string;
  children?: ReactNode;
  footer?: ReactNode;
}

/** The frame of the pages that need no account. */
export function FrontCard({ title, description, children, footer }: FrontCardProps) {
  return (
    <Center component="main" id="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group gap="sm" justify="center">
          <LogoMark size={36} />
          <Text fw={700} fz="xl" span>
            Ferry
          </Text>
        </Group>
        <Card padding="xl">
          <Stack gap="lg">
            <Stack gap={4}>
              <Title order={1} style={{ overflowWrap: "anywhere" }}>
                {title}
              </Title>
              <Text size="sm" c="dimmed">
                {description}
              </Text>
            </Stack>
            {children}
          </Stack>
        </Card>
        {footer ? (
          <Text size="sm" ta="center" c="dimmed">
            {footer}
          </Text>
        ) : null}
      </Stack>
    </Center>
  );
}
