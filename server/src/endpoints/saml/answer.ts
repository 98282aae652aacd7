import {
  type Assertion,
  bearerConfirmation,
  buildAssertion,
  buildPost,
  mayPassOn,
  passedOn,
  type Response,
  type ResponseProtection,
  SamlStatusError,
  sealResponse,
  statusOf,
  success,
} from '@countersign/saml';
import { writeXml } from '@countersign/xml';
import { getServicePrincipal, type RelyingParty, rulesOfRelyingParty } from '../../applications/index.ts';
import { encryptionFor, nameIdOf, readSubject, samlAttributes, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import { type CompletedSignIn, ownAccounts } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { frameOf, postAnswer } from '../sign-in/index.ts';
import { classOf } from './authentication-words.ts';
import { clockSkewSeconds } from './receive-message.ts';
import { keepRefusal, newMessageId, type SamlCall } from './saml-call.ts';
import type { SuspendedRequest } from './sign-on.ts';
import { nameKeyOf, type SamlParticipation, samlProtocol } from './sign-out.ts';

/** Answers with an assertion about the person who signed in; or with a refusal, when the rules give them none. */
export async function answerSignIn(
  call: SamlCall,
  party: RelyingParty,
  suspended: SuspendedRequest,
  signIn: CompletedSignIn,
): Promise<HttpResponse> {
  const { options, act, addresses } = call;
  const { proxyRestriction } = signIn;
  if (proxyRestriction && !mayPassOn(proxyRestriction, party.identifier)) {
    const error = new SamlStatusError(
      'request.denied',
      'The identity provider lets nothing be passed on to this application.',
    );
    return refuseSignIn(call, party, suspended, error);
  }
  const contextClass = classOf(signIn.context, suspended.contextClasses);
  const subject = await subjectOf(call, party, signIn, contextClass);
  const issued = subject && (await options.issueClaims(await rulesOf(call, party), subject));
  if (issued) call.tracing.noteClaims(issued);
  if (!subject || !issued?.access.isPermitted) {
    const error = new SamlStatusError('request.denied', 'The application’s rules give this person no token.');
    return refuseSignIn(call, party, suspended, error);
  }
  const { claims } = issued;
  const nameId = await nameIdOf(namingOf(call), party, suspended.nameIdFormat, { claims, user: subject.user });
  // SAML Profiles 4.1.4.2: bearer, for this address, and in answer to this request.
  const notOnOrAfter = new Date(act.now.getTime() + party.tokenLifetimeSeconds * 1000);
  const assertion: Assertion = {
    id: newMessageId(options),
    issueInstant: act.now,
    issuer: addresses.entityId,
    subject: {
      nameId,
      confirmations: [
        {
          method: bearerConfirmation,
          recipient: suspended.replyAddress,
          notOnOrAfter: new Date(act.now.getTime() + clockSkewSeconds * 1000),
          inResponseTo: suspended.requestId ?? undefined,
        },
      ],
    },
    conditions: {
      notBefore: act.now,
      notOnOrAfter,
      audienceRestrictions: [[party.identifier]],
      proxyRestriction: proxyRestriction && passedOn(proxyRestriction),
    },
    authnStatements: [
      {
        authnInstant: signIn.authenticatedAt,
        sessionIndex: signIn.sessionId,
        sessionNotOnOrAfter: notOnOrAfter,
        contextClass,
        authorities: await authoritiesOf(call, signIn),
      },
    ],
    attributes: samlAttributes(claims, addresses.entityId),
  };
  const participation: SamlParticipation = { nameId };
  call.tracing.note({ token: writeXml(buildAssertion(assertion)) });
  await options.storage.write(async ({ sessions, signInTraces }) => {
    await signInTraces.save(act.tenantId, call.tracing.trace);
    await sessions.participate(
      act.tenantId,
      signIn.sessionId,
      { applicationId: party.servicePrincipalId, flow: signIn.flow },
      { protocol: samlProtocol, state: JSON.stringify(participation) },
      nameKeyOf(nameId),
    );
  });
  return send(call, party, suspended, { ...responseTo(call, suspended), status: success }, assertion);
}

/** SAML Core 3.4.1.5.1: who has proven it in our place MUST be named, whatever its protocol. */
async function authoritiesOf({ options, tenant }: SamlCall, { home }: CompletedSignIn): Promise<string[]> {
  if (home === ownAccounts) return [];
  const provider = await options.storage.read.upstreamProviders.find(tenant.id, home);
  return provider ? [provider.issuer] : [];
}

async function subjectOf(
  { options, tenant }: SamlCall,
  { servicePrincipalId }: RelyingParty,
  { userId, authenticatedAt, accepted }: CompletedSignIn,
  authenticationMethod: string,
) {
  const { read } = options.storage;
  const principal = await getServicePrincipal(read, tenant.id, servicePrincipalId);
  return readSubject(read, tenant.id, principal, { userId, authenticatedAt, authenticationMethod, accepted });
}

function rulesOf({ options, tenant }: SamlCall, party: RelyingParty) {
  return rulesOfRelyingParty(options.storage.read, tenant.id, party);
}

function namingOf({ options: { storage, newSecret }, tenant, addresses }: SamlCall) {
  return { storage, newSecret, tenantId: tenant.id, issuer: addresses.entityId };
}

/** Tells the application that the person was not signed in (SAML Core 3.2.2). Its reply address is proven. */
export async function refuseSignIn(
  call: SamlCall,
  party: RelyingParty,
  suspended: SuspendedRequest,
  error: SamlStatusError,
): Promise<HttpResponse> {
  await keepRefusal(call, error);
  return send(call, party, suspended, { ...responseTo(call, suspended), status: statusOf(error) }, undefined);
}

function responseTo({ options, act, addresses }: SamlCall, suspended: SuspendedRequest): Omit<Response, 'status'> {
  return {
    id: newMessageId(options),
    issueInstant: act.now,
    issuer: addresses.entityId,
    destination: suspended.replyAddress,
    inResponseTo: suspended.requestId ?? undefined,
  };
}

async function send(
  call: SamlCall,
  party: RelyingParty,
  { replyAddress, relayState }: SuspendedRequest,
  response: Response,
  assertion: Assertion | undefined,
): Promise<HttpResponse> {
  const { options, request, tenant } = call;
  const signer = xmlSigner(await options.keys.signer(tenant.id));
  const protection: ResponseProtection = {
    signer,
    digest: xmlDigest,
    signed: party.signs,
    encryption: assertion && encryptionFor(party, options.randomBytes),
  };
  const message = await sealResponse(response, assertion, protection);
  return postAnswer(request, await frameOf(options.storage.read.branding, tenant), {
    url: replyAddress,
    fields: { SAMLResponse: buildPost(message), ...(relayState !== null && { RelayState: relayState }) },
  });
}
