"use client";

import { Anchor, Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { CollectionGrid, CollectionGridSkeleton } from "@/components/collections/collection-grid";
import { collectionsQuery } from "@/components/collections/queries";
import { StartChoices } from "@/components/collections/start-choices";
import { JobList } from "@/components/jobs/job-list";
import { jobsQuery } from "@/components/jobs/queries";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { DropArea } from "@/components/uploads/drop-area";
import { useUploads } from "@/components/uploads/uploads-provider";
import { useNow } from "@/components/use-now";

const COLLECTIONS_SHOWN = 6;
const JOBS_SHOWN = 5;

export function HomePage() {
  const collections = useQuery(collectionsQuery);
  const { addFiles } = useUploads();
  const router = useRouter();
  const now = useNow();
  const newest = collections.data?.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));

  return (
    <>
      <PageHeader title="Home" description="Bring a file in, look at what is there, take it out again." />
      <Stack gap="xl">
        <DropArea
          onFiles={(files) => {
            addFiles(files);
            router.push("/import");
          }}
          title="Drop a file to import"
        />
        {collections.isPending ? <CollectionGridSkeleton /> : null}
        {collections.isError ? (
          <ProblemAlert
            error={collections.error}
            title="The collections could not be loaded"
            onRetry={() => void collections.refetch()}
          />
        ) : null}
        {newest?.length === 0 ? <StartChoices /> : null}
        {newest && newest.length > 0 ? (
          <Stack gap="sm" component="section" aria-labelledby="home-collections">
            <SectionHead
              id="home-collections"
              title="Collections"
              href="/collections"
              link="All collections"
            />
            <CollectionGrid collections={newest.slice(0, COLLECTIONS_SHOWN)} now={now} />
          </Stack>
        ) : null}
        <RecentActivity />
      </Stack>
    </>
  );
}

function RecentActivity() {
  const jobs = useQuery(jobsQuery());
  const now = useNow();
  if (!jobs.data || jobs.data.items.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="home-activity">
      <SectionHead id="home-activity" title="Recent activity" href="/activity" link="All activity" />
      <JobList jobs={jobs.data.items.slice(0, JOBS_SHOWN)} now={now} />
    </Stack>
  );
}

function SectionHead(props: { id: string; title: string; href: string; link: string }) {
  return (
    <Group justify="space-between" align="baseline">
      <Title order={2} id={props.id}>
        {props.title}
      </Title>
      <Anchor component={Link} href={props.href} size="sm">
        {props.link}
      </Anchor>
    </Group>
  );
}
