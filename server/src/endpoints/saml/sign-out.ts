import {
  askLogoutBySoap,
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  type Endpoint,
  type LogoutRequest,
  type MessageParameter,
  type NameId,
  nameIdKey,
  partialLogout,
  SamlStatusError,
  type Status,
  signSaml,
  success,
} from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { compression, newAssertionId, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import { digestOf } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { frameOf, postAnswer, signedOutAnswer } from '../sign-in/index.ts';
import type { Participant, SignOutCall, SignOutProtocol } from '../sign-out/index.ts';
import { addressesOf } from './addresses.ts';
import { clockSkewSeconds, trustOf } from './receive-message.ts';
import type { SamlOptions } from './saml-call.ts';

/** The name under which applications of this protocol take part in sessions. */
export const samlProtocol = 'saml';

/** How an application of SAML knows a session. */
export interface SamlParticipation {
  /** As the assertion had it (SAML Core 3.7.1). */
  nameId: NameId;
}

/** By which sessions of an application are found under the name that it was told. */
export function nameKeyOf(nameId: NameId): string {
  return digestOf(nameIdKey(nameId));
}

/** What the answer to a LogoutRequest needs to know of it. */
export interface SuspendedLogout {
  servicePrincipalId: string;
  requestId: string;
  relayState: string | null;
}

export type SamlAnswerOptions = Pick<SamlOptions, 'storage' | 'keys' | 'publicUrl' | 'newSecret'>;

export type SamlSignOutOptions = SamlAnswerOptions & {
  /** Calls out, within so many milliseconds. Refuses addresses of private networks that the settings do not allow. */
  fetch(
    url: string,
    init: { method: string; headers: Record<string, string>; body: string; longest: number },
  ): Promise<Pick<Response, 'status' | 'arrayBuffer'>>;
};

/** So long a LogoutRequest holds, in milliseconds. */
const requestLifetime = 300_000;

/** Single logout (SAML Profiles 4.4): asks applications, and answers those that asked. */
export function samlSignOut(options: SamlSignOutOptions): SignOutProtocol {
  return {
    async notify(call, participant, { reach }) {
      const { tenant } = call;
      const party = await options.storage.read.relyingParties.find(tenant.id, participant.applicationId);
      if (!party) return undefined;
      const service = reach === 'visit' ? serviceOf(party) : undefined;
      const soap = party.signOutAddresses.find(({ binding }) => binding === 'soap');
      if (soap && (!service || party.prefersSoapSignOut)) {
        const asking = logoutRequest(options, call, participant, soap.location);
        return { by: 'call', tell: () => askBySoap(options, tenant.id, party, asking) };
      }
      if (!service) return undefined;
      const { location } = service;
      const asking = logoutRequest(options, call, participant, location);
      const message = buildLogoutRequest(asking);
      const sent = { parameter: 'SAMLRequest', message, location, relayState: null } as const;
      return { by: 'visit', messageId: asking.id, answer: await send(options, call, service, sent) };
    },

    async answer(call, state, { frames, untold }) {
      const suspended: SuspendedLogout = JSON.parse(state);
      const answer = await answerLogout(options, call, suspended, untold.length === 0 ? success : partialLogout);
      if (frames.length === 0) return answer;
      const location = answer.headers?.['location'];
      // An answer by POST leaves no page on which the frames could load.
      if (typeof location !== 'string') return answerLogout(options, call, suspended, partialLogout);
      const view = { frames, untold: untold.map(({ name }) => name), continueTo: location };
      return signedOutAnswer(call.request, await frameOf(options.storage.read.branding, call.tenant), view);
    },
  };
}

/** Answers a LogoutRequest. @throws SamlStatusError when the application has no address for that */
export async function answerLogout(
  options: SamlAnswerOptions,
  call: SignOutCall,
  { servicePrincipalId, requestId, relayState }: SuspendedLogout,
  status: Status,
): Promise<HttpResponse> {
  const { tenant, act, request } = call;
  const party = await options.storage.read.relyingParties.find(tenant.id, servicePrincipalId);
  const service = party && serviceOf(party);
  if (!service) throw new SamlStatusError('request.reply_address', 'The application has no address for sign-out.');
  const location = service.responseLocation ?? service.location;
  const message = buildLogoutResponse({
    id: newAssertionId(options.newSecret),
    issueInstant: act.now,
    issuer: addressesOf(options.publicUrl, request.url, tenant.id).entityId,
    destination: location,
    inResponseTo: requestId,
    status,
  });
  return send(options, call, service, { parameter: 'SAMLResponse', message, location, relayState });
}

function logoutRequest(
  { publicUrl, newSecret }: SamlSignOutOptions,
  { tenant, act, request }: SignOutCall,
  { sessionId, state }: Participant,
  destination: string,
): LogoutRequest {
  const { nameId }: SamlParticipation = JSON.parse(state);
  return {
    id: newAssertionId(newSecret),
    issueInstant: act.now,
    issuer: addressesOf(publicUrl, request.url, tenant.id).entityId,
    destination,
    notOnOrAfter: new Date(act.now.getTime() + requestLifetime),
    nameId,
    sessionIndexes: [sessionId],
  };
}

/** So long an application may take for an answer by SOAP, in milliseconds: a person waits. */
const longestCall = 5_000;

/** Calls an application (SAML Bindings 3.2). @returns why its session may go on */
async function askBySoap(
  { keys, fetch }: SamlSignOutOptions,
  tenantId: string,
  party: RelyingParty,
  asking: LogoutRequest,
): Promise<string | undefined> {
  return askLogoutBySoap(asking, {
    peer: party.identifier,
    signer: xmlSigner(await keys.signer(tenantId)),
    digest: xmlDigest,
    trust: trustOf(party),
    clockSkewSeconds,
    async exchange(posted) {
      const answer = await fetch(asking.destination ?? '', { method: 'POST', ...posted, longest: longestCall });
      return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
    },
  });
}

/** Interop: node-saml's metadata say POST, and it loses the request of a posted answer; so Redirect is preferred. */
function serviceOf({ signOutAddresses }: RelyingParty): Endpoint | undefined {
  const by = (binding: Endpoint['binding']) => signOutAddresses.find((service) => service.binding === binding);
  return by('redirect') ?? by('post');
}

interface Sent {
  parameter: MessageParameter;
  message: XmlElement;
  location: string;
  relayState: string | null;
}

/** Sends a message by the browser. SAML Profiles 4.4.4.1, 4.4.4.2: it is signed. */
async function send(
  { keys, storage }: SamlAnswerOptions,
  { request, tenant }: { request: HttpRequest; tenant: Tenant },
  { binding }: Endpoint,
  { parameter, message, location, relayState }: Sent,
): Promise<HttpResponse> {
  const signer = xmlSigner(await keys.signer(tenant.id));
  if (binding === 'redirect') {
    const options = { parameter, location, relayState: relayState ?? undefined, signer };
    return {
      status: 303,
      headers: { location: await buildRedirect(message, options, compression), 'cache-control': 'no-store' },
    };
  }
  const fields = {
    [parameter]: buildPost(await signSaml(message, { signer, digest: xmlDigest })),
    ...(relayState !== null && { RelayState: relayState }),
  };
  return postAnswer(request, await frameOf(storage.read.branding, tenant), { url: location, fields });
}
