import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  createTheme,
  Drawer,
  Modal,
  Notification,
  Skeleton,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

/** Deep harbour teal: calm, and dark enough at 7 to carry white text at AA. */
const harbour: MantineColorsTuple = [
  "#edf7f7",
  "#d6ebec",
  "#aed7da",
  "#7fbfc4",
  "#56a8af",
  "#3a969e",
  "#1f7f88",
  "#136b74",
  "#0c565e",
  "#073f46",
];

/** Greys with a breath of blue, so that surfaces sit well beside the teal. */
const gray: MantineColorsTuple = [
  "#f7f9fa",
  "#eff3f4",
  "#e4eaec",
  "#d5dde0",
  "#bac5ca",
  "#93a1a8",
  "#6c7b83",
  "#4f5d65",
  "#364249",
  "#202a30",
];

const dark: MantineColorsTuple = [
  "#d4dde1",
  "#bccad0",
  "#9fafb7",
  "#6b7c85",
  "#41505a",
  "#313e47",
  "#25303a",
  "#1a232b",
  "#131b22",
  "#0d1419",
];

export const theme = createTheme({
  primaryColor: "harbour",
  primaryShade: { light: 7, dark: 6 },
  colors: { harbour, gray, dark },
  autoContrast: true,
  luminanceThreshold: 0.33,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  // The system's own font: nothing to download, and familiar on every platform.
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.625rem", lineHeight: "1.25" },
      h2: { fontSize: "1.25rem", lineHeight: "1.3" },
      h3: { fontSize: "1.0625rem", lineHeight: "1.35" },
    },
  },
  components: {
    Alert: Alert.extend({ defaultProps: { variant: "light", radius: "md" } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "hover" } }),
    Badge: Badge.extend({ defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 550 } }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
    Card: Card.extend({ defaultProps: { withBorder: true, radius: "lg", padding: "lg" } }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { "aria-label": "Close" } },
      // Below a title its own grey is too pale for WCAG AA.
      styles: { description: { color: "var(--mantine-color-dimmed)" } },
    }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: "lg", closeButtonProps: { "aria-label": "Close" } },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: "sm" } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

/** Mantine's dimmed, placeholder, error and badge texts are too pale for WCAG AA on its own backgrounds. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#fbfcfc",
    "--mantine-color-text": "#18232a",
    "--mantine-color-dimmed": "#56646c",
    "--mantine-color-placeholder": "#66757d",
    "--mantine-color-error": "#b42318",
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#b02525",
    "--mantine-color-yellow-light": "#fdf4d6",
    "--mantine-color-yellow-light-color": "#6f4400",
    "--mantine-color-green-light-color": "#14592a",
    "--mantine-color-red-light-color": "#8f1a12",
    "--mantine-color-orange-light-color": "#8a3200",
    "--ferry-surface": "#ffffff",
    "--ferry-surface-raised": "#f4f7f8",
    "--ferry-border": "var(--mantine-color-gray-3)",
  },
  dark: {
    "--mantine-color-body": "var(--mantine-color-dark-8)",
    "--mantine-color-dimmed": "#9fafb7",
    "--mantine-color-placeholder": "#8b9ba3",
    "--mantine-color-error": "#ff9d94",
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#d63a3a",
    "--mantine-color-harbour-light": "#17363d",
    "--mantine-color-harbour-light-hover": "#1b4049",
    "--mantine-color-harbour-light-color": "#aed7da",
    "--mantine-color-gray-light": "#27333c",
    "--mantine-color-gray-light-color": "#c7d3d9",
    "--mantine-color-yellow-light": "#3a2f14",
    "--mantine-color-yellow-light-color": "#ffd980",
    "--mantine-color-green-light": "#163423",
    "--mantine-color-green-light-color": "#94e0ac",
    "--mantine-color-red-light": "#40211f",
    "--mantine-color-red-light-color": "#ffb3ab",
    "--ferry-surface": "var(--mantine-color-dark-7)",
    "--ferry-surface-raised": "var(--mantine-color-dark-6)",
    "--ferry-border": "var(--mantine-color-dark-5)",
  },
});
