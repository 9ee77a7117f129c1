import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

// What every process needs to be set; a test that depends on one of them sets it itself.
process.env.APP_SECRET ??= "a secret of the tests, and of nobody else";
process.env.DATABASE_URL ||= process.env.TEST_DATABASE_URL || "postgres://nobody@127.0.0.1:1/none";

let spy: MockInstance<typeof console.error>;

// An error that nobody expected fails its test. A test that expects one mocks console.error itself.
beforeEach(() => {
  const original = console.error.bind(console);
  spy = vi.spyOn(console, "error").mockImplementation((...args: unknown[]) => original(...args));
});

afterEach(() => {
  const calls = spy.mock.calls;
  spy.mockRestore();
  expect(calls, "unexpected console.error").toEqual([]);
});
