import { TemporaryFailure } from '../refusal.ts';

/** Memory in KiB. */
export interface Argon2Parameters {
  memoryCost: number;
  timeCost: number;
  parallelism: number;
}

/** What computes argon2id hashes, without blocking. */
export interface Argon2 {
  hash(password: string, parameters: Argon2Parameters): Promise<string>;
  verify(kept: string, password: string): Promise<boolean>;
}

/** argon2id with the first of the parameter sets that OWASP recommends as equal. */
const parameters: Argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** With what every hash begins that was made with these parameters. */
const beginning = '$argon2id$v=19$m=19456,t=2,p=1$';

/** A hash that no password has, made with today's parameters: verifying it costs what verifying a real one costs. */
const nobodysHash = `${beginning}${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Hashes passwords slowly on purpose, a few at a time. */
export interface PasswordHasher {
  /** @throws TemporaryFailure when too many wait */
  hash(password: string): Promise<string>;
  /**
   * False after the same time when there is no hash.
   * @throws TemporaryFailure when too many wait
   */
  verify(hash: string | undefined, password: string): Promise<boolean>;
  /** Whether the password is known from a leak; false when nobody can tell. */
  isLeaked(password: string): Promise<boolean>;
  /** Whether the hash was made with parameters other than today's. */
  needsRehash(hash: string): boolean;
}

interface HasherOptions {
  /** Who is asked for leaked passwords besides our own list; nobody by default. */
  isLeaked?: PasswordHasher['isLeaked'];
  /** The thread pool of Node by default. */
  argon2?: Argon2;
}

/**
 * @param atOnce   most hashes that are computed at one time: each takes a thread and 19 MiB
 * @param waiting  most that wait for their turn, in which they came; whoever comes then is told to come again
 */
export function passwordHasher(
  atOnce: number,
  waiting: number,
  { isLeaked = async () => false, argon2 = argon2InPool }: HasherOptions = {},
): PasswordHasher {
  let running = 0;
  const queue: (() => void)[] = [];

  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < atOnce) running++;
    else if (queue.length >= waiting) throw new TemporaryFailure('Too many passwords are being checked.', 2);
    // Whoever finishes hands over the place, so `running` stays as it is.
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };

  return {
    hash: (password) => inTurn(() => argon2.hash(password, parameters)),
    verify: async (kept, password) => {
      const isEqual = await inTurn(() => argon2.verify(kept ?? nobodysHash, password));
      return isEqual && kept !== undefined;
    },
    isLeaked,
    needsRehash: (kept) => !kept.startsWith(beginning),
  };
}

/** Loaded with the first password: a server that only checks tokens needs none of it. */
const library = () => import('@node-rs/argon2');

const argon2InPool: Argon2 = {
  hash: async (password, wanted) => (await library()).hash(password, wanted),
  verify: async (kept, password) => (await library()).verify(kept, password),
};
