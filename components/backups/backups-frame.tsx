"use client";

import { Group } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { PageHeader } from "@/components/ui/page-header";
import classes from "./backups.module.css";

const PLACES = [
  { href: "/backups", label: "Backups" },
  { href: "/backups/restores", label: "Restores" },
  { href: "/backups/schedule", label: "Schedule" },
  { href: "/backups/keys", label: "Keys" },
] as const;

interface BackupsFrameProps {
  title: string;
  description: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** What the pages about backups have in common: their heads, and the way from one to another. */
export function BackupsFrame({ title, description, actions, children }: BackupsFrameProps) {
  const path = usePathname();
  return (
    <>
      <PageHeader title={title} description={description} actions={actions} />
      <Group component="nav" aria-label="Backups" gap={4} className={classes.places} wrap="nowrap">
        {PLACES.map((place) => (
          <Link
            key={place.href}
            href={place.href}
            className={classes.place}
            aria-current={path === place.href ? "page" : undefined}
          >
            {place.label}
          </Link>
        ))}
      </Group>
      {children}
    </>
  );
}
