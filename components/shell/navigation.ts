import {
  IconActivity,
  IconFileExport,
  IconFileImport,
  IconHome,
  IconShieldLock,
  IconTable,
  type Icon,
} from "@tabler/icons-react";

interface Place {
  href: string;
  label: string;
  icon: Icon;
  /** Whether a path lies inside this place. */
  holds: (path: string) => boolean;
}

export const PLACES: readonly Place[] = [
  { href: "/", label: "Home", icon: IconHome, holds: (path) => path === "/" },
  {
    href: "/collections",
    label: "Collections",
    icon: IconTable,
    holds: (path) => path.startsWith("/collections"),
  },
  { href: "/import", label: "Import", icon: IconFileImport, holds: (path) => path.startsWith("/import") },
  { href: "/exports", label: "Exports", icon: IconFileExport, holds: (path) => path.startsWith("/exports") },
  { href: "/backups", label: "Backups", icon: IconShieldLock, holds: (path) => path.startsWith("/backups") },
  {
    href: "/activity",
    label: "Activity",
    icon: IconActivity,
    holds: (path) => path.startsWith("/activity") || path.startsWith("/jobs"),
  },
];
