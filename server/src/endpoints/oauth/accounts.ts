import type { Account, FindAccount } from 'oidc-provider';
import type { DirectoryObject } from '../../directory/index.ts';
import { findUserOfToken } from '../../sign-in/index.ts';
import { mayUseClient } from './assignment.ts';
import { callOf } from './call.ts';
import { standardClaims } from './standard-claims.ts';
import type { OAuthOptions } from './stores.ts';

/** A user as the provider knows one. */
export interface UserAccount extends Account {
  user: DirectoryObject;
}

/**
 * Finds the user of a token, as long as the sign-in that it came from still counts: an account that was disabled, a
 * changed password or revoked sessions end refresh tokens and access tokens that we are asked about. New tokens take that
 * the user may still use the application.
 */
export function accountFinder({ storage, now }: OAuthOptions, tenantId: string): FindAccount {
  return async (ctx, id, token): Promise<UserAccount | undefined> => {
    const user = await findUserOfToken(storage.read, tenantId, id, provenAt((token ?? {}) as TokenTimes) ?? now());
    if (!user) return undefined;
    const isNewToken = ctx.oidc.route === 'token';
    if (isNewToken && !(await mayUseClient(storage.read, tenantId, id, ctx.oidc.client))) return undefined;
    callOf(ctx).accountId = id;
    return accountOf(user);
  };
}

/** When the user of a token proved to be there, and when it was issued, in seconds. */
interface TokenTimes {
  authTime?: number;
  iat?: number;
}

/** The last moment at which the proof behind a token can have been given. */
export function provenAt({ authTime, iat }: TokenTimes): Date | undefined {
  const seconds = authTime ?? iat;
  // Claims have whole seconds: the proof was given before that second ended.
  return seconds === undefined ? undefined : new Date(seconds * 1000 + 999);
}

export function accountOf(user: DirectoryObject): UserAccount {
  return { accountId: user.id, user, claims: () => ({ ...standardClaims(user), sub: user.id }) };
}
