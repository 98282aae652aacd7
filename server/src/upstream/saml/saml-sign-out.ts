import {
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  checkLogoutRequest,
  checkLogoutResponse,
  decryptChildren,
  type MessageParameter,
  parseLogoutRequest,
  parseLogoutResponse,
  parsePost,
  parseRedirect,
  SamlStatusError,
  type Status,
  signSaml,
  success,
  verifyMessage,
  verifyRedirect,
} from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import { compression, newAssertionId, xmlContentCipher, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type { Departure, HeardSignOut, UpstreamSignOut, UpstreamSignOutRequest } from '../../sign-in/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';
import { entityIdOf } from '../entity-id.ts';
import type { BetweenOf, ProtocolSignOut, SignOutMessage, SignOutParts } from '../protocol.ts';
import { decryptionTrust } from './encryption.ts';
import { clockSkewSeconds, fieldsOf, signatureTrust } from './message.ts';
import { withSamlFailures } from './saml-failures.ts';
import { type SamlSession, sessionKeyOf } from './session.ts';

/** So long a LogoutRequest holds, in milliseconds. */
const requestLifetime = 300_000;

type SignOutService = NonNullable<SamlTrust['singleLogout']>;
type Between = BetweenOf<'saml'>;

/** Single logout as a service provider (SAML Profiles 4.4). Everything is signed, both ways (4.4.4.1, 4.4.4.2). */
export function samlSignOut({
  keys,
  publicUrl,
  newSecret,
}: Pick<SignOutParts, 'keys' | 'publicUrl' | 'newSecret'>): ProtocolSignOut<'saml'> & {
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

  return {
    async tell(between, state) {
      const service = between.provider.saml.singleLogout;
      if (!service) return undefined;
      const { nameId, sessionIndex }: SamlSession = JSON.parse(state);
      const { location } = service;
      const header = headerOf(between, location);
      const message = buildLogoutRequest({
        ...header,
        notOnOrAfter: new Date(between.now.getTime() + requestLifetime),
        nameId,
        sessionIndexes: sessionIndex === null ? [] : [sessionIndex],
      });
      return {
        messageId: header.id,
        departure: await send(between, service, { parameter: 'SAMLRequest', message, location }),
      };
    },

    hear: (between, message) =>
      withSamlFailures(async () => {
        const { saml } = between.provider;
        const received = await receive(saml, message);
        if (received.parameter === 'SAMLResponse') return hearResponse(between, received);
        const verified = await received.verify();
        const decryption = { trust: await decryptionTrust(keys, between.tenantId, saml), cipher: xmlContentCipher };
        const request = parseLogoutRequest(await decryptChildren(verified, 'EncryptedID', decryption));
        checkLogoutRequest(request, expectedOf(between));
        const { sessionIndexes } = request;
        return {
          kind: 'request',
          request: { id: request.id, relayState: received.relayState ?? null },
          meant: {
            key: sessionKeyOf(between.provider.id, request.nameId),
            isAbout(state) {
              const { sessionIndex }: SamlSession = JSON.parse(state);
              // SAML Core 3.7.1: without an index it is about all of them.
              return sessionIndexes.length === 0 || (sessionIndex !== null && sessionIndexes.includes(sessionIndex));
            },
          },
        };
      }),

    async answer(between, { id, relayState }, isComplete) {
      const service = between.provider.saml.singleLogout;
      if (!service) return undefined;
      const location = service.responseLocation ?? service.location;
      // SAML Core 3.7.3.2: at the top level it has succeeded, since our own session has ended.
      const status: Status = isComplete ? success : { ...success, secondLevelCode: 'PartialLogout' };
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
    checkLogoutResponse(response, { ...expectedOf(between), inResponseTo: messageId });
    const { code, secondLevelCode } = response.status;
    return answered(code === 'Success' ? undefined : [code, secondLevelCode].filter(Boolean).join(' '));
  } catch (error) {
    if (!(error instanceof SamlStatusError)) throw error;
    return answered(`${error.reason}: ${error.message}`);
  }
}

function expectedOf({ provider, returnTo, now }: Between) {
  return { issuer: provider.issuer, destinations: [returnTo], isSigned: true, now, clockSkewSeconds };
}
