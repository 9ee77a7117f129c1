import { defineConfig } from "@playwright/test";

/**
 * `npm test` starts Ferry and names it in FERRY_URL, with its data directory in FERRY_E2E_DATA_DIR and the browser in
 * FERRY_BROWSER. By hand: `npm start`, then `FERRY_URL=http://localhost:3000 npx playwright test`.
 */
const libraries = process.env.FERRY_BROWSER_LIBRARIES;
const fonts = process.env.FERRY_BROWSER_FONTS;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.FERRY_URL ?? "http://localhost:3000",
    browserName: "chromium",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.FERRY_BROWSER ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
      env: {
        ...(process.env as Record<string, string>),
        ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}),
        ...(fonts ? { FONTCONFIG_PATH: fonts } : {}),
      },
    },
  },
});
