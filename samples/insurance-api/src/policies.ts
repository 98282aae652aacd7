import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Caller } from './callers.ts';

/** A life insurance policy. */
export interface Policy {
  number: string;
  plan: string;
  /** In euros, to be paid to the beneficiary. */
  sum: number;
  holder: string | null;
  /** ISO 8601. */
  since: string;
  beneficiary: string | null;
  beneficiaryChangedAt: string | null;
}

type Owner = Pick<Caller, 'issuer' | 'subject' | 'email'>;

interface Row {
  id: number;
  since: string;
  beneficiary: string | null;
  changed_at: string | null;
}

/** The policies in a SQLite file. Everybody who asks has one: it is made at the first look. */
export class Policies {
  readonly #database: DatabaseSync;

  /** @param file  made with its folder when it is not there; `:memory:` keeps nothing */
  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      pragma journal_mode = wal;
      create table if not exists policy (
        id integer primary key,
        issuer text not null,
        subject text not null,
        since text not null,
        beneficiary text,
        changed_at text,
        unique (issuer, subject)
      ) strict`);
  }

  /** The owner's policy; a new one if there is none yet. */
  get(owner: Owner, now: Date): Policy {
    this.#database
      .prepare('insert into policy (issuer, subject, since) values (?, ?, ?) on conflict do nothing')
      .run(owner.issuer, owner.subject, now.toISOString());
    const row = this.#database
      .prepare('select id, since, beneficiary, changed_at from policy where issuer = ? and subject = ?')
      .get(owner.issuer, owner.subject);
    return policyOf(row as unknown as Row, owner);
  }

  changeBeneficiary(owner: Owner, beneficiary: string, now: Date): Policy {
    this.get(owner, now);
    this.#database
      .prepare('update policy set beneficiary = ?, changed_at = ? where issuer = ? and subject = ?')
      .run(beneficiary, now.toISOString(), owner.issuer, owner.subject);
    return this.get(owner, now);
  }

  close(): void {
    this.#database.close();
  }
}

function policyOf(row: Row, { email }: Owner): Policy {
  return {
    number: `CL-${String(100_000 + row.id)}`,
    plan: 'Contoso Life Family',
    sum: 250_000,
    holder: email,
    since: row.since,
    beneficiary: row.beneficiary,
    beneficiaryChangedAt: row.changed_at,
  };
}
