import fs from "node:fs";

/**
 * Count the tests of a vitest JSON report. A file that could not be loaded counts as one failed test, and so does a
 * skipped test: a test that does not run proves nothing.
 * @returns {{passed: number, failed: number, notes: string[]}}
 */
export function countVitest(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, notes: ["no report was written"] };
  const broken = report.testResults.filter(
    (suite) => suite.status === "failed" && suite.assertionResults.every((test) => test.status !== "failed"),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + skipped,
    notes: skipped > 0 ? [`${skipped} skipped`] : [],
  };
}

/** The same for a Playwright JSON report; a test that only passed when repeated counts as failed. */
export function countPlaywright(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, notes: ["no report was written"] };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return {
    passed: expected,
    failed: unexpected + flaky + skipped + report.errors.length,
    notes: skipped > 0 ? [`${skipped} skipped`] : [],
  };
}

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
