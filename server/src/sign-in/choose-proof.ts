import type { Progress, ProvenFactor, UserFlow } from '../user-flows/index.ts';
import { type ApplicationHomes, comesFrom, homeOf } from './application-homes.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import type { Session, SessionApplication } from './session.ts';

/** What decides whether a session answers for the person. */
export interface Asked {
  now: Date;
  flow: UserFlow;
  requested: RequestedSignIn;
  progress: Progress;
  session: Session | undefined;
  sessionApplications: readonly SessionApplication[];
  /** The user whom the login hint names, if there is one. */
  hintedUserId: string | null;
  /** From where people may come to the application. */
  applicationHomes: ApplicationHomes;
}

/** Who signs in, and how that is proven as far as this flow counts it. */
export interface Proof {
  userId: string;
  factors: readonly ProvenFactor[];
  isFromSession: boolean;
}

/** Whoever proved to be there in this sign-in; else the user of the session, if it is good enough for what is asked. */
export function chooseProof(asked: Asked): Proof | undefined {
  const { progress, session } = asked;
  if (progress.userId !== null) return { userId: progress.userId, factors: progress.factors, isFromSession: false };
  if (!session || refusals.some((isRefused) => isRefused(asked, session))) return undefined;
  return { userId: session.userId, factors: countedFactors(asked, session), isFromSession: true };
}

/** Every reason why a session does not answer. */
const refusals: readonly ((asked: Asked, session: Session) => boolean)[] = [
  // These flows are about somebody who has no account yet, or cannot sign in to it.
  ({ flow, progress }) => flow.type === 'signUp' || flow.type === 'passwordReset' || progress.path !== 'signIn',
  // Whoever came from a provider, and links an account with it, proves that account now.
  ({ progress, requested }) => progress.arrival !== null && requested.task === undefined,
  // OIDC Core 3.1.2.1: `login` asks again whatever the session.
  ({ requested }) => requested.prompts.includes('login'),
  ({ progress }) => progress.account === 'other',
  // OIDC Core 3.1.2.1: `max_age` 0 is the same as `login`.
  ({ requested: { maxAgeSeconds }, now }, { factors }) =>
    maxAgeSeconds !== null &&
    (maxAgeSeconds === 0 || now.getTime() - authenticatedAt(factors.filter(isDated)).getTime() > maxAgeSeconds * 1000),
  ({ requested: { userId } }, session) => userId !== null && userId !== session.userId,
  ({ hintedUserId, progress }, session) =>
    hintedUserId !== null && hintedUserId !== session.userId && progress.account !== 'current',
  ({ applicationHomes }, session) => !comesFrom(applicationHomes, homeOf(session.factors)),
  (asked, session) => !isShared[asked.flow.session.sharedBy](asked, session),
];

/** Whether a session of the tenant counts for this sign-in, by the rule of its flow. */
const isShared: Readonly<Record<UserFlow['session']['sharedBy'], (asked: Asked, session: Session) => boolean>> = {
  tenant: () => true,
  application: ({ sessionApplications, requested }) =>
    sessionApplications.some(({ applicationId }) => applicationId === requested.application.id),
  flow: ({ sessionApplications, flow }) => sessionApplications.some((used) => (used.flow ?? '') === flow.name),
  nobody: () => false,
};

/** A second factor counts within a session as long as the flow says. */
function countedFactors({ flow, now }: Asked, { factors }: Session): ProvenFactor[] {
  const { holdsSeconds } = flow.secondFactor;
  const holds = ({ at }: ProvenFactor) => holdsSeconds === null || now.getTime() - at.getTime() < holdsSeconds * 1000;
  return factors.filter((factor) => isFirstFactor(factor) || holds(factor));
}

/** A factor that tells who somebody is. The others only confirm it. */
export function isFirstFactor({ method }: ProvenFactor): boolean {
  return method === 'password' || method === 'passkey' || method === 'federated';
}

/** Whether it is known when the person was there: some identity providers do not say it. */
export function isDated({ federated }: ProvenFactor): boolean {
  return federated?.authenticatedAt !== null;
}

/** When the person proved to be there last, by more than a second factor. */
export function authenticatedAt(factors: readonly ProvenFactor[]): Date {
  const first = factors.filter(isFirstFactor);
  return latest((first.length > 0 ? first : factors).map(authenticationOf));
}

/** When the person was there: an identity provider may have known it for a while before it told us. */
export function authenticationOf({ at, federated }: ProvenFactor): Date {
  return federated?.authenticatedAt ?? at;
}

/** When something was proven to us last. */
export function lastProvenAt(factors: readonly ProvenFactor[]): Date {
  return latest(factors.map(({ at }) => at));
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(0, ...times.map(Number)));
}
