"use client";

import { Alert, Card, Checkbox, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import {
  NOTIFICATION_TOPICS,
  type Delivery,
  type NotificationPreferences,
  type NotificationTopic,
} from "@/lib/contracts/notifications";
import classes from "./notifications.module.css";
import { preferencesQuery, usePutPreferences } from "./queries";
import { TOPIC_WORDS } from "./topics";

const WAYS = [
  { way: "inApp", label: "In Ferry" },
  { way: "byMail", label: "E-mail" },
] as const;

/** What the user is told without asking, and how. Saved with each choice. */
export function PreferencesSection() {
  const preferences = useQuery(preferencesQuery);
  return (
    <Stack gap="md" component="section" aria-labelledby="notifications">
      <Stack gap={2}>
        <Title order={2} id="notifications" className={classes.anchor}>
          Notifications
        </Title>
        <Text size="sm" c="dimmed" maw={640}>
          What Ferry tells you without being asked, and how.
        </Text>
      </Stack>
      {preferences.isPending ? <Skeleton h={240} role="status" aria-label="Loading…" /> : null}
      {preferences.isError ? (
        <ProblemAlert
          error={preferences.error}
          title="Your choices could not be loaded"
          onRetry={() => void preferences.refetch()}
        />
      ) : null}
      {preferences.data ? (
        <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
          <Stack gap="md">
            <MailState mail={preferences.data.mail} />
            <Choices saved={preferences.data.topics} />
          </Stack>
        </Card>
      ) : null}
    </Stack>
  );
}

function MailState({ mail }: { mail: NotificationPreferences["mail"] }) {
  if (mail.isSetUp && !mail.isDeliverable) {
    return (
      <Alert
        role="note"
        color="gray"
        icon={<IconMailOff size={18} aria-hidden />}
        title="This account gets no mail"
        style={{ overflowWrap: "anywhere" }}
      >
        Nobody can be reached at {mail.address}. What you choose under “In Ferry” holds.
      </Alert>
    );
  }
  if (mail.isSetUp) {
    return (
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        Mail goes to {mail.address}.
      </Text>
    );
  }
  return (
    <Alert
      role="note"
      color="gray"
      icon={<IconMailOff size={18} aria-hidden />}
      title="Nothing is mailed here"
    >
      Whoever runs this Ferry has not set up a mail server (SMTP_URL). What you choose below holds once they
      have.
    </Alert>
  );
}

function Choices({ saved }: { saved: NotificationPreferences["topics"] }) {
  const put = usePutPreferences();
  // A box changes at once; should that not be saved, it shows again what is.
  const [topics, setTopics] = useState(saved);
  function set(topic: NotificationTopic, change: Partial<Delivery>) {
    const chosen = { ...topics, [topic]: { ...topics[topic], ...change } };
    setTopics(chosen);
    put.mutate({ topics: chosen }, { onError: () => setTopics(saved) });
  }
  return (
    <>
      <Table aria-label="What you are told, and how" verticalSpacing="sm" horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            {WAYS.map(({ way, label }) => (
              <Table.Th key={way} ta="center" w={{ base: 72, sm: 96 }} style={{ whiteSpace: "nowrap" }}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {NOTIFICATION_TOPICS.map((topic) => (
            <Table.Tr key={topic}>
              <Table.Th scope="row" fw={400}>
                <Text size="sm" fw={550}>
                  {TOPIC_WORDS[topic].label}
                </Text>
                <Text size="sm" c="dimmed">
                  {TOPIC_WORDS[topic].description}
                </Text>
              </Table.Th>
              {WAYS.map(({ way, label }) => (
                <Table.Td key={way} style={{ verticalAlign: "top" }}>
                  <Checkbox
                    size="md"
                    aria-label={`${TOPIC_WORDS[topic].label}: ${label}`}
                    checked={topics[topic][way]}
                    onChange={(event) => set(topic, { [way]: event.currentTarget.checked })}
                    styles={{ body: { justifyContent: "center" } }}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ProblemAlert error={put.error} title="That was not saved" />
    </>
  );
}
