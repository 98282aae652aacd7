import { availableParallelism } from 'node:os';
import { type PasswordHasher, passwordHasher } from '../directory/index.ts';

/** Passwords that may wait for their turn before others are told to come again. */
const mostWaitingPasswords = 200;

/** One hasher for the whole process: it bounds memory and leaves a core to everything else. */
export function openPasswords(): PasswordHasher {
  return passwordHasher(Math.max(1, availableParallelism() - 1), mostWaitingPasswords);
}
