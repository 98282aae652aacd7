import type { SignInEvent } from '../../sign-in/index.ts';
import type { Shown } from './resource-view.ts';

interface Explained {
  /** Interop: the number by which Microsoft Entra's administrators know it (AADSTS). */
  errorCode: number;
  failureReason: string;
}

/** What the failures of the log mean. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const failures: Readonly<Record<string, Explained>> = {
  password_wrong: { errorCode: 50126, failureReason: 'The name or the password is wrong.' },
  account_disabled: { errorCode: 50057, failureReason: 'The account is disabled.' },
  paused: { errorCode: 50053, failureReason: 'After too many failures the next try must wait.' },
  second_factor_wrong: { errorCode: 500121, failureReason: 'The second factor was wrong.' },
  second_factor_paused: { errorCode: 50053, failureReason: 'After too many failures the next try must wait.' },
  login_required: {
    errorCode: 50058,
    failureReason: 'The session does not do, and the person could not be asked to prove to be there now.',
  },
  interaction_required: { errorCode: 50079, failureReason: 'Something must be asked, and no page may be shown.' },
  account_selection_required: {
    errorCode: 16000,
    failureReason: 'An account must be chosen, and no page may be shown.',
  },
  consent_required: { errorCode: 65001, failureReason: 'Nobody has consented to what the application asks for.' },
  unmet_authentication_requirements: {
    errorCode: 53003,
    failureReason: 'The user cannot prove to be there as the application asks for it.',
  },
  upstream_unknown_user: {
    errorCode: 50020,
    failureReason: 'The account at the identity provider has none in this tenant.',
  },
  // What clients were refused at the token endpoint, by RFC 6749 5.2 and RFC 8707 2.
  invalid_client: { errorCode: 7000215, failureReason: 'The client could not prove who it is.' },
  invalid_grant: { errorCode: 700082, failureReason: 'The refresh token or assertion does not count any more.' },
  invalid_target: { errorCode: 500011, failureReason: 'The resource is not known, or is not for this client.' },
  access_denied: { errorCode: 65004, failureReason: 'The user gave up.' },
};

/** Of a failure that is not in the table. */
const unknown = (code: string): Explained => ({ errorCode: 1, failureReason: `The sign-in failed: ${code}.` });

/** The failures of this number. */
export function failuresOf(errorCode: number): string[] {
  return Object.keys(failures).filter((code) => failures[code]?.errorCode === errorCode);
}

/** Shows an event as Microsoft Graph's signIn. */
export function signInView(event: SignInEvent): Shown {
  const { failure, steps, failedStep, methods } = event;
  const { errorCode, failureReason } = failure === null ? { errorCode: 0, failureReason: null } : explain(failure);
  const passed = steps.map(({ step, at }) => detail(step, at, true));
  return {
    id: event.id,
    createdDateTime: event.at.toISOString(),
    actingAppDisplayName: event.actor?.displayName ?? null,
    actingAppId: event.actor?.appId ?? null,
    actingServicePrincipalId: event.actor?.id ?? null,
    appId: event.appId,
    appDisplayName: event.applicationName,
    authenticationDetails: failedStep === null ? passed : [...passed, detail(failedStep, event.at, false)],
    authenticationMethodsUsed: [...methods],
    authenticationRequirement: methods.includes('mfa') ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    clientAppUsed: event.isInteractive ? 'Browser' : 'Mobile Apps and Desktop clients',
    correlationId: event.correlationId,
    ipAddress: event.address,
    isInteractive: event.isInteractive,
    resourceDisplayName: event.resource?.displayName ?? null,
    resourceId: event.resource?.appId ?? null,
    resourceServicePrincipalId: event.resource?.id ?? null,
    servicePrincipalId: event.applicationId,
    sessionId: event.sessionId,
    signInCount: event.count,
    signInEventTypes: [event.type],
    status: { errorCode, failureReason, additionalDetails: failure },
    userAgent: event.userAgent,
    userFlowId: event.flow,
    userId: event.userId,
    userPrincipalName: event.userName,
  };
}

function explain(failure: string): Explained {
  return Object.hasOwn(failures, failure) ? (failures[failure] ?? unknown(failure)) : unknown(failure);
}

function detail(step: string, at: Date, succeeded: boolean) {
  return { authenticationStepDateTime: at.toISOString(), authenticationMethod: step, succeeded };
}
