import pino from 'pino';

/** A log of JSON lines. Fields never hold secrets, tokens, bodies or the values of queries. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Opens the log on standard output, or on any other stream of lines. */
export function openLog(level: string, destination: pino.DestinationStream = pino.destination(1)): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
    },
    destination,
  );
}

interface ErrorDescription {
  name: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: ErrorDescription;
}

/**
 * What of an error may stand in the log. Other properties are left out: those of database errors, for example, hold the
 * values of the row.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'Something that is no error was thrown.' };
  return {
    name: error.name,
    ...('code' in error && { code: String(error.code) }),
    message: error.message,
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 5 && { cause: describeError(error.cause, depth + 1) }),
  };
}
