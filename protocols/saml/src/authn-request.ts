import {
  findAttribute,
  findChild,
  getAttribute,
  listChildren,
  parseBoolean,
  parseUnsignedShort,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { buildRequestedAuthnContext, parseRequestedAuthnContext, type RequestedAuthnContext } from './authn-context.ts';
import { reading, SamlStatusError } from './errors.ts';
import {
  buildIssuer,
  checkHeader,
  type ExpectedMessage,
  headerAttributes,
  type MessageHeader,
  parseRequestHeader,
} from './message.ts';
import type { IndexedEndpoint } from './metadata/entity.ts';
import {
  buildNameId,
  buildNameIdPolicy,
  type NameId,
  type NameIdPolicy,
  parseNameId,
  parseNameIdPolicy,
} from './name-id.ts';
import { bindings, build, protocolNamespace, samlNamespace } from './vocabulary.ts';

/** A service provider's request to sign somebody in (SAML Core 3.4.1). */
export interface AuthnRequest extends MessageHeader {
  issuer: string;
  /** Whom to sign in, when the requester knows already. */
  subject?: NameId | undefined;
  forceAuthn?: boolean | undefined;
  isPassive?: boolean | undefined;
  assertionConsumerServiceUrl?: string | undefined;
  assertionConsumerServiceIndex?: number | undefined;
  /** URI of the binding for the answer. */
  protocolBinding?: string | undefined;
  attributeConsumingServiceIndex?: number | undefined;
  providerName?: string | undefined;
  nameIdPolicy?: NameIdPolicy | undefined;
  requestedAuthnContext?: RequestedAuthnContext | undefined;
  /** Entity identifiers of identity providers that may do it (SAML Core 3.4.1.3). */
  identityProviders?: readonly string[] | undefined;
  /** Entity identifiers of those for whom a proxy asks (SAML Core 3.4.1.2). */
  requesterIds?: readonly string[] | undefined;
  /** How many proxies may stand between: 0 means none. */
  proxyCount?: number | undefined;
}

/** Reads an AuthnRequest. Throws {@link SamlStatusError}. */
export function parseAuthnRequest(element: XmlElement): AuthnRequest {
  return reading(() => {
    const header = parseRequestHeader(element, 'AuthnRequest');
    const policy = findChild(element, protocolNamespace, 'NameIDPolicy');
    const context = findChild(element, protocolNamespace, 'RequestedAuthnContext');
    return {
      ...header,
      subject: parseSubject(element),
      forceAuthn: optional(element, 'ForceAuthn', parseBoolean),
      isPassive: optional(element, 'IsPassive', parseBoolean),
      assertionConsumerServiceUrl: findAttribute(element, 'AssertionConsumerServiceURL'),
      assertionConsumerServiceIndex: optional(element, 'AssertionConsumerServiceIndex', parseUnsignedShort),
      protocolBinding: findAttribute(element, 'ProtocolBinding'),
      attributeConsumingServiceIndex: optional(element, 'AttributeConsumingServiceIndex', parseUnsignedShort),
      providerName: findAttribute(element, 'ProviderName'),
      nameIdPolicy: policy && parseNameIdPolicy(policy),
      requestedAuthnContext: context && parseRequestedAuthnContext(context),
      ...parseScoping(element),
    };
  });
}

function optional<T>(element: XmlElement, name: string, parse: (text: string) => T): T | undefined {
  const text = findAttribute(element, name);
  return text === undefined ? undefined : parse(text);
}

function parseSubject(element: XmlElement): NameId | undefined {
  const subject = findChild(element, samlNamespace, 'Subject');
  const nameId = subject && findChild(subject, samlNamespace, 'NameID');
  return nameId && parseNameId(nameId);
}

function parseScoping(element: XmlElement) {
  const scoping = findChild(element, protocolNamespace, 'Scoping');
  if (!scoping) return {};
  const list = findChild(scoping, protocolNamespace, 'IDPList');
  const entries = list && listChildren(list, protocolNamespace, 'IDPEntry');
  return {
    identityProviders: entries?.map((entry) => getAttribute(entry, 'ProviderID')),
    requesterIds: listChildren(scoping, protocolNamespace, 'RequesterID').map(tokenOf),
    proxyCount: optional(scoping, 'ProxyCount', parseUnsignedShort),
  };
}

/** Writes an AuthnRequest, unsigned. */
export function buildAuthnRequest(request: AuthnRequest): XmlElement {
  return build(
    'samlp:AuthnRequest',
    {
      ...headerAttributes(request),
      ForceAuthn: request.forceAuthn,
      IsPassive: request.isPassive,
      ProtocolBinding: request.protocolBinding,
      AssertionConsumerServiceIndex: request.assertionConsumerServiceIndex,
      AssertionConsumerServiceURL: request.assertionConsumerServiceUrl,
      AttributeConsumingServiceIndex: request.attributeConsumingServiceIndex,
      ProviderName: request.providerName,
    },
    [
      buildIssuer(request),
      request.subject && build('saml:Subject', {}, buildNameId(request.subject)),
      request.nameIdPolicy && buildNameIdPolicy(request.nameIdPolicy),
      request.requestedAuthnContext && buildRequestedAuthnContext(request.requestedAuthnContext),
      buildScoping(request),
    ],
  );
}

function buildScoping({ identityProviders, requesterIds = [], proxyCount }: AuthnRequest): XmlElement | undefined {
  if (!identityProviders && requesterIds.length === 0 && proxyCount === undefined) return undefined;
  return build('samlp:Scoping', { ProxyCount: proxyCount }, [
    identityProviders &&
      build(
        'samlp:IDPList',
        {},
        identityProviders.map((entityId) => build('samlp:IDPEntry', { ProviderID: entityId })),
      ),
    requesterIds.map((entityId) => build('samlp:RequesterID', {}, entityId)),
  ]);
}

/** Refuses a request of another peer, for another address or of another time, and one that contradicts itself. */
export function checkAuthnRequest(request: AuthnRequest, expected: ExpectedMessage): void {
  checkHeader(request, expected);
  // SAML Core 3.4.1: the index excludes URL and binding. Interop: URL and binding may well come together.
  if (request.assertionConsumerServiceIndex !== undefined && request.assertionConsumerServiceUrl !== undefined) {
    throw new SamlStatusError('request.reply_address', 'There are an index and a URL.');
  }
}

/**
 * Where the answer goes: to the endpoint, among those of the service provider's metadata, that the request names by URL
 * or index, else to the default one (SAML Metadata 2.2.3). Only POST is sent, so others are not considered unless the
 * request names them. Throws {@link SamlStatusError} `request.reply_address` or `request.reply_binding`; neither may
 * be answered by a redirect.
 */
export function decideReplyAddress(request: AuthnRequest, registered: readonly IndexedEndpoint[]): IndexedEndpoint {
  const { assertionConsumerServiceUrl: url, assertionConsumerServiceIndex: index, protocolBinding } = request;
  const named =
    url !== undefined
      ? registered.filter(({ location }) => location === url)
      : registered.filter((endpoint) => endpoint.index === (index ?? endpoint.index));
  if (named.length === 0) {
    throw new SamlStatusError('request.reply_address', `"${url ?? index ?? ''}" is not registered.`);
  }
  if (protocolBinding !== undefined && protocolBinding !== bindings.post) {
    throw new SamlStatusError('request.reply_binding', `"${protocolBinding}" is not supported.`);
  }
  const posts = named.filter(({ binding }) => binding === 'post');
  const reply =
    posts.find(({ isDefault }) => isDefault) ?? posts.find(({ isDefault }) => isDefault === undefined) ?? posts[0];
  if (!reply) throw new SamlStatusError('request.reply_binding', `"${url ?? index ?? ''}" takes no POST.`);
  return reply;
}
