"use client";

import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { jobsQuery } from "@/components/jobs/queries";
import { isActive } from "@/components/jobs/states";

/** On every page: says when an export is ready that somebody did not wait for. Shows nothing itself. */
export function ExportNotices() {
  const { data } = useQuery(jobsQuery());
  const client = useQueryClient();
  const path = usePathname();
  const atWork = useRef(new Set<string>());
  useEffect(() => {
    for (const job of data?.items ?? []) {
      if (job.kind !== "export") continue;
      if (isActive(job)) atWork.current.add(job.id);
      else if (atWork.current.delete(job.id) && job.state === "completed") {
        void client.invalidateQueries({ queryKey: ["exports"] });
        if (path === "/exports") continue;
        notifications.show({
          title: "Export ready",
          message: (
            <Anchor href={`/api/v1/exports/${job.subjectId}/download`}>{job.notice ?? "Download it"}</Anchor>
          ),
          autoClose: 15_000,
        });
      }
    }
  }, [data, client, path]);
  return null;
}
