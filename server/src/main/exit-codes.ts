import { CannotListenError, CertificateError } from '../http/index.ts';
import { Refusal, TemporaryFailure } from '../refusal.ts';
import { SettingsError } from '../settings/index.ts';
import {
  BackupError,
  DatabaseInUseError,
  DatabaseTooNewError,
  DatabaseUnusableError,
  SealingKeyError,
} from '../storage/index.ts';
import { UsageError } from './command.ts';
import { DataFolderError } from './data-folder.ts';

interface ExitCode {
  code: number;
  meaning: string;
  /** The error behind it, whose message is all that is shown: one sentence that says what to do. */
  error?: new (
    ...parameters: never[]
  ) => Error;
}

/** Every number with which the program can end. Shown in docs/reference/exit-codes.md; never used again for anything else. */
export const exitCodes = {
  done: { code: 0, meaning: 'Done; the server was stopped and had the time to finish.' },
  failed: { code: 1, meaning: 'The command did not succeed, or something unexpected happened.' },
  usage: { code: 2, meaning: 'The command line is wrong.', error: UsageError },
  settings: { code: 10, meaning: 'A setting is wrong or unsafe; each is a line.', error: SettingsError },
  dataFolder: { code: 11, meaning: 'The data folder cannot be made or written.', error: DataFolderError },
  database: {
    code: 12,
    meaning: 'The database does not answer, is locked, is damaged or is something else.',
    error: DatabaseUnusableError,
  },
  databaseTooNew: {
    code: 13,
    meaning: 'A newer version of the program has used the database.',
    error: DatabaseTooNewError,
  },
  sealingKey: {
    code: 14,
    meaning: 'The sealing key is not the one of this database.',
    error: SealingKeyError,
  },
  certificate: {
    code: 15,
    meaning: 'The certificate or the local authority cannot be used.',
    error: CertificateError,
  },
  listen: { code: 16, meaning: 'The address or port cannot be listened on.', error: CannotListenError },
  databaseInUse: {
    code: 17,
    meaning: 'Running servers use the database, which would be pulled from under them.',
    error: DatabaseInUseError,
  },
  backup: { code: 18, meaning: 'A backup cannot be written or restored.', error: BackupError },
  interrupted: { code: 130, meaning: 'Ctrl-C (SIGINT) for the second time: it ended at once.' },
  terminated: { code: 143, meaning: 'SIGTERM for the second time: it ended at once.' },
} as const satisfies Record<string, ExitCode>;

/** What an error means for whoever started the program: the exit code and the lines to show. */
export function explainFailure(error: unknown): { code: number; text: string } {
  for (const exit of Object.values<ExitCode>(exitCodes)) {
    if (exit.error && error instanceof exit.error) return { code: exit.code, text: error.message };
  }
  const isTold = error instanceof Refusal || error instanceof TemporaryFailure;
  return { code: exitCodes.failed.code, text: isTold ? error.message : unexpected(error) };
}

function unexpected(error: unknown): string {
  const stack = error instanceof Error ? error.stack : String(error);
  return `Something unexpected happened; please report it with these lines:\n${stack}`;
}
