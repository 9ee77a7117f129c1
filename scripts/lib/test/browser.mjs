import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { runNode, runProgram } from "../command.mjs";
import { runNpm } from "../install.mjs";
import { inRoot } from "../paths.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
/** A browser inside an npm package, for machines where nothing may be installed. Newer ones want Node 22. */
const PACKAGE = "@sparticuz/chromium@143.0.4";
const PACKAGE_DIRECTORY = inRoot(".ferry-browser", PACKAGE.replaceAll("/", "-"));

/**
 * A browser for the end-to-end tests: one that is there, or one installed by apt when we are root, or one from the
 * npm registry.
 * @param {(line: string) => void} log
 * @returns {Promise<object>} the environment that playwright.config.ts reads it from
 * @throws Error when there is none to be had
 */
export async function ensureBrowser(log) {
  const found = process.env.FERRY_BROWSER ?? installed();
  if (found) return { FERRY_BROWSER: found };
  if (process.getuid?.() === 0 && (await which("apt-get"))) {
    log("Installing Chromium with apt …");
    const byApt = await installWithApt();
    if (byApt) return { FERRY_BROWSER: byApt };
  }
  log("Installing a browser from the npm registry …");
  return installFromRegistry();
}

async function installWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update", "-qq"], { env });
  await runProgram("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
  return installed();
}

async function installFromRegistry() {
  const unpacked = path.join(PACKAGE_DIRECTORY, "unpacked");
  const executable = path.join(unpacked, "chromium");
  if (!fs.existsSync(path.join(PACKAGE_DIRECTORY, "complete"))) {
    fs.rmSync(PACKAGE_DIRECTORY, { recursive: true, force: true });
    fs.mkdirSync(unpacked, { recursive: true });
    fs.writeFileSync(path.join(PACKAGE_DIRECTORY, "package.json"), '{ "private": true }\n');
    const args = [
      "install",
      PACKAGE,
      "--prefix",
      PACKAGE_DIRECTORY,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
    ];
    const result = await runNpm(args, { cwd: PACKAGE_DIRECTORY });
    if (result.status !== 0) throw new Error(`No browser could be installed.\n${result.output}`);
    await unpack(unpacked);
    fs.writeFileSync(path.join(PACKAGE_DIRECTORY, "complete"), "");
  }
  return {
    FERRY_BROWSER: executable,
    FERRY_BROWSER_LIBRARIES: path.join(unpacked, "al2023/lib"),
    FERRY_BROWSER_FONTS: path.join(unpacked, "fonts"),
  };
}

// The package unpacks itself into the directory for temporary files, its libraries only where it thinks to need them.
async function unpack(directory) {
  const script = "import c from '@sparticuz/chromium'; await c.executablePath();";
  const env = { ...process.env, TMPDIR: directory, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  const result = await runNode(["--input-type=module", "-e", script], { cwd: PACKAGE_DIRECTORY, env });
  if (result.status !== 0) throw new Error(`The browser could not be unpacked.\n${result.output}`);
}

function installed() {
  const directories = (process.env.PATH ?? "").split(path.delimiter);
  const candidates = NAMES.flatMap((name) => directories.map((directory) => path.join(directory, name)));
  return [...candidates, MAC].find((file) => fs.existsSync(file) && runs(file));
}

// Some systems have a stub of that name that only tells how to install the browser.
function runs(file) {
  try {
    execFileSync(file, ["--version"], { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

const which = async (name) => (await runProgram("/bin/sh", ["-c", `command -v ${name}`])).status === 0;
