import { bindings, decideNameIdFormat, decideReplyAddress, nameIdFormats, SamlStatusError } from '@countersign/saml';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import { findHomes, type RequestedSignIn, type SignInOutcome } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { beginTraced } from '../sign-in/index.ts';
import { answerSignIn, refuseSignIn } from './answer.ts';
import { contextsOf } from './authentication-words.ts';
import { type ReceivedRequest, readAuthnRequest } from './read-request.ts';
import type { ReceivedMessage } from './receive-message.ts';
import { passed, type SamlCall } from './saml-call.ts';
import { decideProxying, isScoped } from './scoping.ts';

/** The name under which results of sign-ins wait for this endpoint. */
export const endpointName = 'saml';

/** What the answer needs to know of the request, while the person signs in. */
export interface SuspendedRequest {
  servicePrincipalId: string;
  /** Of the trace that goes on with the answer. */
  traceId: string;
  /** Null: nobody asked, the sign-in began here. */
  requestId: string | null;
  replyAddress: string;
  relayState: string | null;
  nameIdFormat: string;
  /** Classes of authentication context that were asked for. */
  contextClasses: readonly string[];
}

/** The formats that every application may ask for. */
const offeredFormats = [
  nameIdFormats.emailAddress,
  nameIdFormats.persistent,
  nameIdFormats.transient,
  nameIdFormats.unspecified,
];

/** Answers an AuthnRequest (SAML Profiles 4.1.4). @throws SamlStatusError as long as no reply address is proven */
export async function signOn(call: SamlCall, message: ReceivedMessage): Promise<HttpResponse> {
  const { party, request, relayState } = await readAuthnRequest(call, message);
  const { location } = decideReplyAddress(request, party.replyAddresses);
  passed(call, 'request.reply_address');
  const suspended: SuspendedRequest = {
    servicePrincipalId: party.servicePrincipalId,
    traceId: call.tracing.trace.id,
    requestId: request.id,
    replyAddress: location,
    relayState: relayState ?? null,
    nameIdFormat: party.nameIdFormat,
    contextClasses: request.requestedAuthnContext?.classes ?? [],
  };
  try {
    const offer = { audience: party.identifier, defaultFormat: party.nameIdFormat, formats: offeredFormats };
    suspended.nameIdFormat = decideNameIdFormat(request.nameIdPolicy, offer);
    const application = await applicationOf(call, party);
    const scope = isScoped(request) ? await scopeOf(call, request, application) : undefined;
    const requested = requestedSignIn(request, application, homeRealmOf(call) ?? scope?.preferred ?? null);
    const { proxying } = scope ?? {};
    return await begin(call, party, suspended, { ...requested, ...(proxying && { proxying }) });
  } catch (error) {
    if (!(error instanceof SamlStatusError) || !error.mayRedirect) throw error;
    return refuseSignIn(call, party, suspended, error);
  }
}

/**
 * Begins a sign-in here, for an application that takes answers to which it did not ask (SAML Profiles 4.1.5).
 *
 * @throws SamlStatusError when it does not
 */
export async function signOnUnsolicited(call: SamlCall): Promise<HttpResponse> {
  const { options, tenant, request } = call;
  const id = request.parameters['application'] ?? '';
  const party = await options.storage.read.relyingParties.find(tenant.id, id);
  if (party?.protocol !== 'saml' || !party.isUnsolicitedAllowed) {
    throw new SamlStatusError('message.issuer', `No application "${id}" lets sign-ins begin here.`);
  }
  call.tracing.noteParty(party);
  const { location } = decideReplyAddress(
    { id: '', issueInstant: call.act.now, issuer: party.identifier, protocolBinding: bindings.post },
    party.replyAddresses,
  );
  const suspended: SuspendedRequest = {
    servicePrincipalId: party.servicePrincipalId,
    traceId: call.tracing.trace.id,
    requestId: null,
    replyAddress: location,
    relayState: request.url.searchParams.get('RelayState'),
    nameIdFormat: party.nameIdFormat,
    contextClasses: [],
  };
  return begin(call, party, suspended, requestedSignIn({}, await applicationOf(call, party), homeRealmOf(call)));
}

/** Interop: AD FS and Entra read the home realm beside the message, under these names. */
function homeRealmOf({ request: { url } }: SamlCall): string | null {
  return url.searchParams.get('whr') || url.searchParams.get('domain_hint') || null;
}

async function scopeOf(
  { options, tenant, addresses }: SamlCall,
  request: ReceivedRequest['request'],
  application: RequestedSignIn['application'],
) {
  const homes = await findHomes(options.storage.read, tenant.id, application);
  return decideProxying(request, homes, addresses.entityId);
}

async function applicationOf({ options, tenant }: SamlCall, party: RelyingParty) {
  const { id, attributes } = await getServicePrincipal(options.storage.read, tenant.id, party.servicePrincipalId);
  if (!attributes.accountEnabled) throw new SamlStatusError('request.denied', 'The application is disabled.');
  return { id, appId: attributes.appId, displayName: attributes.displayName };
}

function requestedSignIn(
  request: Pick<Partial<ReceivedRequest['request']>, 'forceAuthn' | 'isPassive' | 'subject' | 'requestedAuthnContext'>,
  application: RequestedSignIn['application'],
  domainHint: string | null,
): RequestedSignIn {
  const contexts = contextsOf(request.requestedAuthnContext);
  return {
    application,
    flow: null,
    prompts: request.isPassive ? ['none'] : [],
    // SAML Core 3.4.1: a previous security context MUST NOT be relied on.
    maxAgeSeconds: request.forceAuthn ? 0 : null,
    loginHint: request.subject?.value ?? null,
    domainHint,
    uiLocales: [],
    contexts,
    mustReachContext: contexts.length > 0,
    scopes: [],
    userId: null,
  };
}

function begin(
  call: SamlCall,
  party: RelyingParty,
  suspended: SuspendedRequest,
  requested: RequestedSignIn,
): Promise<HttpResponse> {
  const endpoint = { name: endpointName, returnTo: call.addresses.returnPath };
  return beginTraced(call, endpoint, requested, suspended, (outcome) => answerOutcome(call, party, suspended, outcome));
}

/** Sends what came of a sign-in to the application. */
export function answerOutcome(
  call: SamlCall,
  party: RelyingParty,
  suspended: SuspendedRequest,
  outcome: SignInOutcome,
): Promise<HttpResponse> {
  if (outcome.outcome === 'completed') return answerSignIn(call, party, suspended, outcome.signIn);
  const reasons = {
    login_required: 'request.no_passive',
    interaction_required: 'request.no_passive',
    consent_required: 'request.no_passive',
    account_selection_required: 'request.no_passive',
    unmet_authentication_requirements: 'request.authn_context',
    access_denied: 'request.denied',
  } as const;
  const error = new SamlStatusError(reasons[outcome.reason], `The sign-in was refused: ${outcome.reason}.`);
  return refuseSignIn(call, party, suspended, error);
}
