import type { Act } from '../audit/index.ts';
import type { DirectoryObject, Tenant } from '../directory/index.ts';
import type { UserFlow } from '../user-flows/index.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import type { LoggedApplication, SignInEvent } from './sign-in-event.ts';

/** What a program asks of a person who is at no page. */
export interface ProgramSignIn {
  tenant: Tenant;
  /** The flow whose demands count. */
  flow: UserFlow;
  application: RequestedSignIn['application'];
  /** Who asks in the person's name; undefined: the person's own program. */
  actor?: LoggedApplication;
  address: string;
  userAgent: string;
}

/** What came of it. */
interface Outcome {
  userId: string | null;
  /** Whoever is proven to be that. */
  user?: DirectoryObject | undefined;
  /** Null for a success. */
  failure: string | null;
  step: SignInEvent['steps'][number]['step'];
  /** Authentication method references (RFC 8176). */
  methods: readonly string[];
}

/** The entry of the sign-in log. */
export function programEvent(
  act: Act,
  { flow, application, actor, address, userAgent }: ProgramSignIn,
  { userId, user, failure, step, methods }: Outcome,
): SignInEvent {
  const userName = user?.attributes['userPrincipalName'];
  return {
    id: act.newId(),
    at: act.now,
    type: 'nonInteractiveUser',
    count: 1,
    userId,
    userName: typeof userName === 'string' ? userName : null,
    applicationId: application.id,
    appId: application.appId,
    applicationName: application.displayName,
    actor: actor ?? null,
    resource: null,
    flow: flow.name || null,
    outcome: failure === null ? 'success' : 'failure',
    failure,
    failedStep: failure === null ? null : step,
    steps: failure === null ? [{ step, at: act.now }] : [],
    methods,
    isInteractive: false,
    sessionId: null,
    address,
    userAgent,
    correlationId: act.correlationId,
  };
}
