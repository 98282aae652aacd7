import type { Act } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { findTrustedUser } from './find-trusted-user.ts';
import type { SignInStorage } from './page-request.ts';
import { type ProgramSignIn, programEvent } from './program-sign-in.ts';

/** Whom an application has signed in before, for which it now asks in the person's name. */
export interface ActedFor extends ProgramSignIn {
  userId: string;
  /** When the person proved to be there. */
  authenticatedAt: Date;
}

/**
 * Goes on from an earlier sign-in of a person, for an application that acts for the person and has proven that it may.
 * The sign-in log gets an entry, whatever comes of it.
 *
 * @returns undefined when the earlier sign-in does not count any more
 */
export async function signInByActor(
  storage: SignInStorage,
  act: Act,
  acted: ActedFor,
): Promise<DirectoryObject | undefined> {
  const { tenant, userId, authenticatedAt } = acted;
  const trusted = await findTrustedUser(storage.read, tenant.id, userId, authenticatedAt);
  const failure = trusted ? null : 'login_required';
  const event = programEvent(act, acted, { userId, failure, step: 'actor', methods: [] });
  await storage.write(({ signInEvents }) => signInEvents.append(tenant.id, event));
  return trusted?.user;
}
