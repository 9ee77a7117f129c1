/** Ends the waiting for a call whose step makes no progress. Each checkpoint gives it the whole time again. */
export interface Watchdogs {
  /** Rejects with a {@link StepHangsError} when `promise` takes too long. */
  guard<T>(token: string, promise: Promise<T>): Promise<T>;
  /** The call of this lease made progress. */
  renew(token: string): void;
}

export class StepHangsError extends Error {
  constructor(limitMs: number) {
    super(`The step did not end within ${Math.round(limitMs / 1_000)} seconds`);
    this.name = "StepHangsError";
  }
}

export function createWatchdogs(limitMs: number): Watchdogs {
  const renewals = new Map<string, () => void>();
  return {
    guard: async (token, promise) => {
      let timer: NodeJS.Timeout | undefined;
      const expired = new Promise<never>((_, reject) => {
        const arm = () => {
          clearTimeout(timer);
          timer = setTimeout(() => reject(new StepHangsError(limitMs)), limitMs);
        };
        renewals.set(token, arm);
        arm();
      });
      try {
        return await Promise.race([promise, expired]);
      } finally {
        clearTimeout(timer);
        renewals.delete(token);
      }
    },
    renew: (token) => renewals.get(token)?.(),
  };
}
