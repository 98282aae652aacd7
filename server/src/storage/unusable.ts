/** The database cannot be used. The message says why and what to do, in one sentence, without the database's password. */
export class DatabaseUnusableError extends Error {
  override readonly name = 'DatabaseUnusableError';
}
