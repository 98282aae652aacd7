import {
  askLogoutBySoap,
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  checkLogoutRequest,
  checkLogoutResponse,
  decryptChildren,
  failureIn,
  type LogoutRequest,
  type MessageParameter,
  parseLogoutRequest,
  parseLogoutResponse,
  parsePost,
  parseRedirect,
  partialLogout,
  SamlStatusError,
  signSaml,
  success,
  verifyMessage,
  verifyRedirect,
} from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import { compression, newAssertionId, xmlContentCipher, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type {
  Departure,
  HeardSignOut,
  MeantSessions,
  UpstreamSignOut,
  UpstreamSignOutRequest,
} from '../../sign-in/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';
import { entityIdOf } from '../entity-id.ts';
import type { BetweenOf, ProtocolSignOut, SignOutMessage, SignOutParts } from '../protocol.ts';
import { decryptionTrust } from './encryption.ts';
import { clockSkewSeconds, fieldsOf, signatureTrust } from './message.ts';
import { withSamlFailures } from './saml-failures.ts';
import { type SamlSession, sessionKeyOf } from './session.ts';

/** So long a LogoutRequest holds, in milliseconds. */
const requestLifetime = 300_000;

/** So long a provider may take for an answer by SOAP, in milliseconds: a person waits. */
const longestCall = 5_000;

type SignOutService = NonNullable<SamlTrust['singleLogout']>;
type Between = BetweenOf<'saml'>;

/** Single logout as a service provider (SAML Profiles 4.4). Everything is signed, both ways (4.4.4.1, 4.4.4.2). */
export function samlSignOut({
  keys,
  publicUrl,
  newSecret,
  fetch,
}: Omit<SignOutParts, 'useId'>): ProtocolSignOut<'saml'> & {
  answer(between: Between, asked: UpstreamSignOutRequest, isComplete: boolean): ReturnType<UpstreamSignOut['answer']>;
} {
  /** A message by the browser. */
  async function send(
    { tenantId }: Between,
    { binding }: SignOutService,
    sent: { parameter: MessageParameter; message: XmlElement; location: string; relayState?: string | undefined },
  ): Promise<Departure> {
    const signer = xmlSigner(await keys.signer(tenantId));
    const { parameter, message, location, relayState } = sent;
    if (binding === 'redirect') {
      return { url: await buildRedirect(message, { parameter, location, relayState, signer }, compression) };
    }
    const posted = buildPost(await signSaml(message, { signer, digest: xmlDigest }));
    return {
      url: location,
      fields: { [parameter]: posted, ...(relayState !== undefined && { RelayState: relayState }) },
    };
  }

  const headerOf = ({ tenantId, now }: Between, destination: string) => ({
    id: newAssertionId(newSecret),
    issueInstant: now,
    issuer: entityIdOf(publicUrl, tenantId),
    destination,
  });

  /** Calls the provider (SAML Bindings 3.2). @returns why its session may go on */
  const askBySoap = async ({ provider, tenantId }: Between, asking: LogoutRequest) =>
    askLogoutBySoap(asking, {
      peer: provider.issuer,
      signer: xmlSigner(await keys.signer(tenantId)),
      digest: xmlDigest,
      trust: signatureTrust(provider.saml),
      clockSkewSeconds,
      async exchange(posted) {
        const answer = await fetch(asking.destination ?? '', { method: 'POST', ...posted, longest: longestCall });
        return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
      },
    });

  return {
    async tell(between, state, mayVisit) {
      const { singleLogout: service, singleLogoutBySoap } = between.provider.saml;
      const { nameId, sessionIndex }: SamlSession = JSON.parse(state);
      const asking = (destination: string) => ({
        ...headerOf(between, destination),
        notOnOrAfter: new Date(between.now.getTime() + requestLifetime),
        nameId,
        sessionIndexes: sessionIndex === null ? [] : [sessionIndex],
      });
      if (singleLogoutBySoap && !(service && mayVisit)) {
        return { by: 'call', tell: () => askBySoap(between, asking(singleLogoutBySoap)) };
      }
      if (!service) return undefined;
      const { location } = service;
      const request = asking(location);
      const sent = { parameter: 'SAMLRequest', message: buildLogoutRequest(request), location } as const;
      return { by: 'visit', messageId: request.id, departure: await send(between, service, sent) };
    },

    hear: (between, message) =>
      withSamlFailures(async () => {
        const { saml } = between.provider;
        const received = await receive(saml, message);
        if (received.parameter === 'SAMLResponse') return hearResponse(between, received);
        const verified = await received.verify();
        const request = await readLogoutRequest(keys, between, verified, between.returnTo);
        const asked = { id: request.id, relayState: received.relayState ?? null };
        return { kind: 'request', request: asked, meant: meantBy(between, request) };
      }),

    async answer(between, { id, relayState }, isComplete) {
      const service = between.provider.saml.singleLogout;
      if (!service) return undefined;
      const location = service.responseLocation ?? service.location;
      const status = isComplete ? success : partialLogout;
      const message = buildLogoutResponse({ ...headerOf(between, location), inResponseTo: id, status });
      return send(between, service, {
        parameter: 'SAMLResponse',
        message,
        location,
        relayState: relayState ?? undefined,
      });
    },
  };
}

interface Received {
  element: XmlElement;
  parameter: MessageParameter;
  relayState: string | undefined;
  /** What of it is proven. @throws SamlStatusError */
  verify(): Promise<XmlElement>;
}

/** Reads a message by the Redirect or POST binding. @throws SamlStatusError */
async function receive(saml: SamlTrust, { method, query, parameters }: SignOutMessage): Promise<Received> {
  const trust = signatureTrust(saml);
  if (method === 'GET') {
    const message = await parseRedirect(query, compression);
    const verify = async () => {
      await verifyRedirect(message, trust, true);
      return message.element;
    };
    return { ...message, verify };
  }
  const message = parsePost(fieldsOf(parameters));
  return { ...message, verify: async () => (await verifyMessage(message.element, trust, true, xmlDigest)).element };
}

/** What cannot be proven of an answer counts as a failure of the other side: the sign-out must go on. */
async function hearResponse(between: Between, received: Received): Promise<HeardSignOut> {
  const { inResponseTo: messageId = '' } = parseLogoutResponse(received.element);
  const answered = (failure: string | undefined) => ({ kind: 'response', messageId, failure }) as const;
  try {
    const response = parseLogoutResponse(await received.verify());
    checkLogoutResponse(response, { ...expectedOf(between, between.returnTo), inResponseTo: messageId });
    return answered(failureIn(response.status));
  } catch (error) {
    if (!(error instanceof SamlStatusError)) throw error;
    return answered(`${error.reason}: ${error.message}`);
  }
}

/**
 * Reads a LogoutRequest whose signature is proven, and checks that it is for us and of this time.
 *
 * @param address  of ours, to which it came
 * @throws SamlStatusError, XmlError
 */
export async function readLogoutRequest(
  keys: SignOutParts['keys'],
  between: Between,
  verified: XmlElement,
  address: string,
): Promise<LogoutRequest> {
  const trust = await decryptionTrust(keys, between.tenantId, between.provider.saml);
  const decrypted = await decryptChildren(verified, 'EncryptedID', { trust, cipher: xmlContentCipher });
  const request = parseLogoutRequest(decrypted);
  checkLogoutRequest(request, expectedOf(between, address));
  return request;
}

/** The sessions that a request of the provider names. */
export function meantBy({ provider }: Between, { nameId, sessionIndexes }: LogoutRequest): MeantSessions {
  return {
    key: sessionKeyOf(provider.id, nameId),
    isAbout(state) {
      const { sessionIndex }: SamlSession = JSON.parse(state);
      // SAML Core 3.7.1: without an index it is about all of them.
      return sessionIndexes.length === 0 || (sessionIndex !== null && sessionIndexes.includes(sessionIndex));
    },
  };
}

function expectedOf({ provider, now }: Between, address: string) {
  return { issuer: provider.issuer, destinations: [address], isSigned: true, now, clockSkewSeconds };
}
