import type { Act } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import type { StepName } from '../user-flows/index.ts';
import { methodReferences } from './authentication-context.ts';
import type { Browser } from './completed-sign-in.ts';
import type { Facts } from './facts.ts';

/** What became of one sign-in, or of one try to prove something in it; for the sign-in log. */
export interface SignInEvent {
  id: string;
  at: Date;
  /** Of a person at a page, of a person who is not there, or of a client for itself. */
  type: 'interactiveUser' | 'nonInteractiveUser' | 'servicePrincipal';
  /** How many equal ones the event stands for, when a program asks again and again. */
  count: number;
  /** Null when nobody of that name exists or nobody was named. */
  userId: string | null;
  userName: string | null;
  /** Object id of the service principal. */
  applicationId: string;
  appId: string;
  applicationName: string;
  /** Who asked in the person's name, with a token about the person; null: nobody did. */
  actor: LoggedApplication | null;
  /** Where the token is for that a program asked for; null: nowhere else, or the request names nothing that there is. */
  resource: LoggedApplication | null;
  /** Name of the flow; null for the built-in one. */
  flow: string | null;
  outcome: 'success' | 'failure';
  /** Stable code of what failed, such as `password_wrong` or `login_required`; null for a success. */
  failure: string | null;
  /** The steps that the person went through, with their times. */
  steps: readonly { step: string; at: Date }[];
  /** The step that failed, when it was one. */
  failedStep: string | null;
  /** Authentication method references (RFC 8176). */
  methods: readonly string[];
  isInteractive: boolean;
  /** Whether it went on from a session, or began one. */
  sessionId: string | null;
  address: string;
  userAgent: string;
  /** Of a sign-in with pages its own id, which its pages show as reference: it finds everything that happened in it. */
  correlationId: string;
}

/** An application besides the one that signed somebody in: its service principal, and by what it is known. */
export interface LoggedApplication {
  id: string;
  appId: string;
  displayName: string;
}

/** What is particular about an event. */
interface Particulars {
  /** Undefined for a success. */
  failure?: string;
  failedStep?: StepName | 'upstream';
  /** Whose name was used, when nobody has proven to be there. */
  user?: DirectoryObject | undefined;
  sessionId?: string;
  isInteractive?: boolean;
}

/** The event of a sign-in in its present state. */
export function signInEvent(
  act: Act,
  { requested, flow, progress, person }: Facts,
  { address, userAgent }: Browser,
  { failure, failedStep, user = person?.user, sessionId, isInteractive = true }: Particulars,
): SignInEvent {
  const name = user?.attributes['userPrincipalName'];
  return {
    id: act.newId(),
    at: act.now,
    type: isInteractive ? 'interactiveUser' : 'nonInteractiveUser',
    count: 1,
    userId: user?.id ?? null,
    userName: typeof name === 'string' ? name : null,
    applicationId: requested.application.id,
    appId: requested.application.appId,
    applicationName: requested.application.displayName,
    actor: null,
    resource: null,
    flow: flow.name || null,
    outcome: failure === undefined ? 'success' : 'failure',
    failure: failure ?? null,
    steps: progress.trace,
    failedStep: failedStep ?? null,
    methods: person ? methodReferences(person.factors) : [],
    isInteractive,
    sessionId: sessionId ?? null,
    address,
    userAgent,
    correlationId: act.correlationId,
  };
}
