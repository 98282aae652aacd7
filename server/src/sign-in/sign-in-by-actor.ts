import type { Act } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { comesFrom, findApplicationHomes } from './application-homes.ts';
import { findTrustedUser } from './find-trusted-user.ts';
import type { SignInStorage } from './page-request.ts';
import { type ProgramSignIn, programEvent } from './program-sign-in.ts';
import type { LoggedApplication } from './sign-in-event.ts';

/** Whom an application has signed in before, for which it now asks in the person's name. */
export interface ActedFor extends ProgramSignIn {
  userId: string;
  actor: LoggedApplication;
  /** When the person proved to be there, and where: the id of an identity provider, or `local`. */
  authenticatedAt: Date;
  home: string;
}

/**
 * Goes on from an earlier sign-in of a person, for an application that acts for the person and has proven that it may.
 * The sign-in log gets an entry, whatever comes of it.
 *
 * @returns undefined when the earlier sign-in does not count any more, or not at this application
 */
export async function signInByActor(
  storage: SignInStorage,
  act: Act,
  acted: ActedFor,
): Promise<DirectoryObject | undefined> {
  const { tenant, userId, authenticatedAt, application, home } = acted;
  const isFromThere = comesFrom(await findApplicationHomes(storage.read, tenant.id, application), home);
  const user = isFromThere
    ? (await findTrustedUser(storage.read, tenant.id, userId, authenticatedAt))?.user
    : undefined;
  const failure = user ? null : 'login_required';
  const event = programEvent(act, acted, { userId, user, failure, step: 'actor', methods: [] });
  await storage.write(({ signInEvents }) => signInEvents.append(tenant.id, event));
  return user;
}
