"use client";

import { Button, Group, Menu, Progress, Stack, Text } from "@mantine/core";
import { IconLoader2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { jobsQuery } from "./queries";
import { isRunning, jobHref } from "./states";
import classes from "./jobs.module.css";

/** In the header of every page: what is going on at the moment. Absent when nothing is. */
export function ActiveJobs() {
  const { data } = useQuery(jobsQuery());
  const active = data?.items.filter((job) => isRunning(job)) ?? [];
  if (active.length === 0) return null;
  const label = active.length === 1 ? "1 job running" : `${active.length} jobs running`;
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          variant="light"
          size="xs"
          radius="xl"
          aria-label={label}
          leftSection={<IconLoader2 size={15} className={classes.spin} aria-hidden />}
        >
          <span className="tabular">{`${Math.round(active[0]?.percentage ?? 0)} %`}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {active.map((job) => (
          <Menu.Item key={job.id} component={Link} href={jobHref(job)}>
            <Stack gap={4}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" truncate>
                  {job.title}
                </Text>
                <Text size="xs" c="dimmed" className="tabular">
                  {Math.round(job.percentage)} %
                </Text>
              </Group>
              <Progress value={job.percentage} size="sm" aria-label={`Progress of ${job.title}`} />
            </Stack>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} href="/activity">
          All activity
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
