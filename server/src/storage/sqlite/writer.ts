import { setImmediate } from 'node:timers/promises';
import { TemporaryFailure } from '../../refusal.ts';
import type { Query } from '../engine.ts';
import type { SqliteConnection } from './connection.ts';
import { isBusy, whenFree, writingPatience } from './failures.ts';

interface Job {
  work: (query: Query) => Promise<unknown>;
  succeed: (result: unknown) => void;
  fail: (error: unknown) => void;
}

/** Most writes that share one commit. */
const mostTogether = 128;

/**
 * The one writer of an SQLite file. Writes that wait at the same time share one transaction, each in a savepoint of its
 * own, so that they also share the one wait for the disk. None is acknowledged before that commit.
 */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #waiting: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  write<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((succeed, fail) => {
      this.#waiting.push({ work, succeed: (result) => succeed(result as Result), fail });
      this.#running ??= this.#writeAll();
    });
  }

  /** How many writes wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Requests whose bytes have arrived by now come to their write in this turn of the event loop, and share the commit.
      await setImmediate();
      const jobs: Job[] = [];
      try {
        await this.#begin();
      } catch (error) {
        for (const job of this.#waiting.splice(0)) job.fail(error);
        break;
      }
      const acknowledgements: (() => void)[] = [];
      try {
        while (jobs.length < mostTogether) {
          const job = this.#waiting.shift();
          if (!job) break;
          jobs.push(job);
          acknowledgements.push(await this.#runInSavepoint(job));
        }
        this.#execute('COMMIT');
      } catch (error) {
        // The commit failed (disk full, file gone) or the transaction itself broke: nothing of it was kept.
        if (this.#connection.database.isTransaction) this.#execute('ROLLBACK');
        for (const job of jobs) job.fail(error);
        continue;
      }
      for (const acknowledge of acknowledgements) acknowledge();
    }
    // In the same turn in which nothing waited: a job that comes in later must start the writer again.
    this.#running = undefined;
  }

  async #runInSavepoint(job: Job): Promise<() => void> {
    this.#execute('SAVEPOINT job');
    try {
      const result = await job.work(this.#connection.query);
      this.#execute('RELEASE job');
      return () => job.succeed(result);
    } catch (error) {
      // Some failures (disk full) end the whole transaction; then there is no savepoint left and nobody was served.
      if (!this.#connection.database.isTransaction) throw error;
      this.#execute('ROLLBACK TO job');
      this.#execute('RELEASE job');
      return () => job.fail(error);
    }
  }

  async #begin(): Promise<void> {
    try {
      await whenFree(writingPatience, () => this.#execute('BEGIN IMMEDIATE'));
    } catch (error) {
      throw isBusy(error) ? new TemporaryFailure('The database file is locked by another program.', 5, error) : error;
    }
  }

  #execute(sql: string): void {
    this.#connection.execute(sql);
  }
}
