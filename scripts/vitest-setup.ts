import { afterEach, beforeEach, expect, vi } from "vitest";

let spy: ReturnType<typeof vi.spyOn<Console, "error">>;

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
