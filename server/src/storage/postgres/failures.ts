import { TemporaryFailure } from '../../refusal.ts';
import { refuse } from '../errors.ts';
import { DatabaseUnusableError } from '../unusable.ts';

/** Serialization failure, deadlock: the same work may succeed at once (PostgreSQL, appendix A). */
const passing = new Set(['40001', '40P01']);
/** Connection failures, too many connections, server starting or stopping; and Node's for a server out of reach. */
const awayCodes = /^(08|53|57P|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/;
/** What `pg` says without a code. */
const awayTexts = /^(timeout exceeded when trying to connect|Connection terminated|Client .* is not queryable)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True when the same work may succeed at once. */
export function isPassing(error: unknown): boolean {
  return passing.has(codeOf(error));
}

/** PostgreSQL knows no text with NUL, which may come in any identifier that a client sends. */
const characterNotInRepertoire = '22021';

/** Throws a TemporaryFailure when the server is out of reach, a Refusal for an impossible text, else the error itself. */
export function rethrow(error: unknown): never {
  if (codeOf(error) === characterNotInRepertoire) throw refuse('storage.text_impossible', {}, error);
  const isAway = awayCodes.test(codeOf(error)) || (error instanceof Error && awayTexts.test(error.message));
  throw isAway ? new TemporaryFailure('The database did not answer.', 5, error) : error;
}

/** What is wrong with a database that cannot be opened, and what to do, by PostgreSQL's code. */
const reasons: Readonly<Record<string, string>> = {
  '28000': 'does not let this user in: check the user in COUNTERSIGN_DATABASE_URL and the server’s pg_hba.conf',
  '28P01': 'refuses the password: check the one in COUNTERSIGN_DATABASE_URL',
  '3D000': 'has no database of that name: create it, or check the name in COUNTERSIGN_DATABASE_URL',
  '42501': 'does not let this user make tables: grant it CREATE on the schema',
};

/** A DatabaseUnusableError where server or settings are to blame; the error itself otherwise. */
export function explainPostgresError(url: string, error: unknown): unknown {
  const reason =
    error instanceof TemporaryFailure
      ? 'does not answer: start it, or check the address in COUNTERSIGN_DATABASE_URL'
      : reasons[codeOf(error)];
  // The address alone: user and password are nobody's business.
  return reason
    ? new DatabaseUnusableError(`The PostgreSQL server ${new URL(url).host} ${reason}.`, { cause: error })
    : error;
}
