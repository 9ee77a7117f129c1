/** One place of a body or a file that is wrong. `path` is dotted; `row` is a 1-based data row. */
export interface ErrorDetail {
  path: string;
  row?: number;
  message: string;
}

/** An expected failure with words for the person. `code` is stable and machine-readable; the HTTP layer maps `status`. */
export class AppError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: ErrorDetail[],
    readonly headers?: Record<string, string>,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Also thrown for somebody else's thing: a stranger cannot tell it from one that never existed. */
export class NotFoundError extends AppError {
  constructor(thing: string) {
    super(404, "not-found", `There is no such ${thing}.`);
  }
}

export class UnauthorizedError extends AppError {
  constructor(message = "Sign in first.", code = "unauthorized") {
    super(401, code, message, undefined, { "www-authenticate": 'Bearer realm="ferry"' });
  }
}

export class ForbiddenError extends AppError {
  constructor(code: string, message: string) {
    super(403, code, message);
  }
}

export class ConflictError extends AppError {
  constructor(code: string, message: string) {
    super(409, code, message);
  }
}

/** `If-Match` named a version that is not the present one. */
export class PreconditionFailedError extends AppError {
  constructor(message: string) {
    super(412, "version-mismatch", message);
  }
}

export class ValidationError extends AppError {
  constructor(message: string, details?: ErrorDetail[], code = "validation-failed") {
    super(422, code, message, details);
  }
}

export class TooLargeError extends AppError {
  constructor(code: string, message: string) {
    super(413, code, message);
  }
}

export class TooManyRequestsError extends AppError {
  constructor(message: string, retryAfterSeconds: number, headers: Record<string, string> = {}) {
    super(429, "too-many-requests", message, undefined, {
      "retry-after": String(Math.max(1, Math.ceil(retryAfterSeconds))),
      ...headers,
    });
  }
}
