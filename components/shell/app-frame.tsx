"use client";

import { AppShell, Container, Group, NavLink } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { ActiveJobs } from "@/components/jobs/active-jobs";
import { Bell } from "@/components/notifications/bell";
import { Notices } from "@/components/notifications/notices";
import { LogoMark } from "@/components/ui/logo";
import classes from "./app-frame.module.css";
import { PLACES } from "./navigation";
import { ThemeToggle } from "./theme-toggle";
import { UserMenu, type ShellUser } from "./user-menu";

/** Header, navigation (a side bar, or tabs under the thumb on a phone) and the page's main landmark. */
export function AppFrame({ user, children }: { user: ShellUser; children: ReactNode }) {
  const path = usePathname();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: true } }}
      footer={{ height: { base: 57, sm: 0 } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <AppShell.Header className={classes.header}>
        <Group h="100%" px={{ base: "md", sm: "lg" }} justify="space-between" wrap="nowrap">
          <Link href="/" className={classes.brand} aria-label="Ferry, home">
            <LogoMark />
            <span>Ferry</span>
          </Link>
          <Group gap="xs" wrap="nowrap">
            <ActiveJobs />
            <Notices />
            <Bell />
            <ThemeToggle />
            <UserMenu user={user} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm" aria-label="Main" visibleFrom="sm">
        {PLACES.map((place) => {
          const active = place.holds(path);
          return (
            <NavLink
              key={place.href}
              component={Link}
              href={place.href}
              label={place.label}
              leftSection={<place.icon size={19} stroke={1.7} aria-hidden />}
              active={active}
              aria-current={active ? "page" : undefined}
              className={classes.link}
              mb={2}
            />
          );
        })}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Container size={1180} px={0}>
          {children}
        </Container>
      </AppShell.Main>
      <AppShell.Footer className={classes.tabs} hiddenFrom="sm">
        <Group component="nav" aria-label="Main" gap={0} wrap="nowrap">
          {PLACES.map((place) => (
            <Link
              key={place.href}
              href={place.href}
              className={classes.tab}
              aria-current={place.holds(path) ? "page" : undefined}
            >
              <place.icon size={22} stroke={1.6} aria-hidden />
              {place.label}
            </Link>
          ))}
        </Group>
      </AppShell.Footer>
    </AppShell>
  );
}
