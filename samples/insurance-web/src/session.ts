import { randomBytes } from 'node:crypto';
import type { AuthenticationResult } from '@azure/msal-node';
import { Identity, type Purpose, type Walk } from './identity.ts';
import type { Notice } from './pages/layout.ts';
import type { Settings } from './settings.ts';

/** What is known of one browser. */
export interface Session {
  identity: Identity;
  /** Proof that a form came from a page of ours. */
  csrf: string;
  /** Walks that have begun, by their state. */
  walks: Map<string, Walk>;
  person: Person | undefined;
  /** The token with which the beneficiary may be changed, once. */
  secondFactor: { token: string; until: number } | undefined;
  /** Shown on the next page. */
  notice: Notice | undefined;
}

/** Somebody who has signed in. */
export interface Person {
  signIn: AuthenticationResult;
  /** What the newest ID token says. */
  claims: Readonly<Record<string, unknown>>;
}

/** Tabs in which somebody can walk at the same time. */
const mostWalks = 10;
/** How long a second factor counts, in milliseconds: long enough to type a name. */
const secondFactorTime = 600_000;

export function newSession(settings: Settings): Session {
  return {
    identity: new Identity(settings),
    csrf: randomBytes(32).toString('base64url'),
    walks: new Map(),
    person: undefined,
    secondFactor: undefined,
    notice: undefined,
  };
}

/** Begins a user flow, and returns where the browser goes. */
export async function beginWalk(session: Session, purpose: Purpose, returnTo: string): Promise<string> {
  const { url, state, walk } = await session.identity.begin(purpose, returnTo);
  session.walks.set(state, walk);
  const [oldest] = session.walks.keys();
  if (session.walks.size > mostWalks && oldest !== undefined) session.walks.delete(oldest);
  return url;
}

/** The walk with whose state the browser came back. It counts once (RFC 6749 10.12). */
export function takeWalk({ walks }: Session, state: string): Walk | undefined {
  const walk = walks.get(state);
  walks.delete(state);
  return walk;
}

/** Ends a user flow with its code, and keeps what it brought. */
export async function finishWalk(session: Session, walk: Walk, code: string, now: number): Promise<void> {
  const result = await session.identity.finish(walk, code);
  const claims = result.idTokenClaims as Person['claims'];
  const { person } = session;
  if (walk.purpose === 'signIn') {
    session.person = { signIn: result, claims };
    session.secondFactor = undefined;
    return;
  }
  if (walk.purpose === 'password') {
    session.notice = { tone: 'success', text: 'Your password has been changed.' };
    return;
  }
  // Whoever proves a second factor or edits a profile must be the person who is signed in here.
  if (!person || person.claims['sub'] !== claims['sub']) {
    session.notice = { tone: 'error', text: 'You used another account than the one you are signed in with.' };
    return;
  }
  if (walk.purpose === 'secondFactor') {
    session.secondFactor = { token: result.accessToken, until: now + secondFactorTime };
    return;
  }
  session.person = { ...person, claims };
  session.notice = { tone: 'success', text: 'Your profile has been saved.' };
}

/** The token with which the beneficiary may be changed; undefined when the second factor has to be asked first. */
export function secondFactorToken({ secondFactor }: Session, now: number): string | undefined {
  return secondFactor && secondFactor.until > now ? secondFactor.token : undefined;
}
