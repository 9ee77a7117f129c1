import { Button, Center, EmptyState, Group } from "@mantine/core";
import type { ReactNode } from "react";

interface MessagePageProps {
  title: string;
  description: string;
  icon: ReactNode;
  actions?: ReactNode;
}

/** A whole page that only says something: not found, or broken. */
export function MessagePage({ title, description, icon, actions }: MessagePageProps) {
  return (
    <Center mih="60dvh" p="md">
      <EmptyState
        icon={icon}
        title={<h1 style={{ font: "inherit", margin: 0 }}>{title}</h1>}
        description={description}
      >
        <Group justify="center" mt="md">
          {actions}
          <Button component="a" href="/" variant="default">
            To the start page
          </Button>
        </Group>
      </EmptyState>
    </Center>
  );
}
