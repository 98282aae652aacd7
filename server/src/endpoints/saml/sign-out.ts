import {
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  type Endpoint,
  type MessageParameter,
  type NameId,
  nameIdKey,
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
import type { SignOutCall, SignOutProtocol } from '../sign-out/index.ts';
import { addressesOf } from './addresses.ts';
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

export type SamlSignOutOptions = Pick<SamlOptions, 'storage' | 'keys' | 'publicUrl' | 'newSecret'>;

/** So long a LogoutRequest holds, in milliseconds. */
const requestLifetime = 300_000;

/** Single logout (SAML Profiles 4.4): asks applications, and answers those that asked. */
export function samlSignOut(options: SamlSignOutOptions): SignOutProtocol {
  return {
    async notify(call, { applicationId, sessionId, state }) {
      const { tenant, act } = call;
      const party = await options.storage.read.relyingParties.find(tenant.id, applicationId);
      const service = party && serviceOf(party);
      if (!service) return undefined;
      const { nameId }: SamlParticipation = JSON.parse(state);
      const messageId = newAssertionId(options.newSecret);
      const message = buildLogoutRequest({
        id: messageId,
        issueInstant: act.now,
        issuer: addressesOf(options.publicUrl, call.request.url, tenant.id).entityId,
        destination: service.location,
        notOnOrAfter: new Date(act.now.getTime() + requestLifetime),
        nameId,
        sessionIndexes: [sessionId],
      });
      const sent = { parameter: 'SAMLRequest', message, location: service.location, relayState: null } as const;
      return { by: 'visit', messageId, answer: await send(options, call, service, sent) };
    },

    async answer(call, state, { frames, untold }) {
      const suspended: SuspendedLogout = JSON.parse(state);
      // SAML Core 3.7.3.2: at the top level it has succeeded, since our own session has ended.
      const partial: Status = { ...success, secondLevelCode: 'PartialLogout' };
      const answer = await answerLogout(options, call, suspended, untold.length === 0 ? success : partial);
      if (frames.length === 0) return answer;
      const location = answer.headers?.['location'];
      // An answer by POST leaves no page on which the frames could load.
      if (typeof location !== 'string') return answerLogout(options, call, suspended, partial);
      const view = { frames, untold: untold.map(({ name }) => name), continueTo: location };
      return signedOutAnswer(call.request, await frameOf(options.storage.read.branding, call.tenant), view);
    },
  };
}

/** Answers a LogoutRequest. @throws SamlStatusError when the application has no address for that */
export async function answerLogout(
  options: SamlSignOutOptions,
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
  { keys, storage }: SamlSignOutOptions,
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
