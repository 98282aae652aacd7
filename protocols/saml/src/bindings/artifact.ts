import { type Bytes, decodeBase64, getChild, isNamed, listElements, type XmlElement } from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { buildIssuer, headerAttributes, type MessageHeader } from '../message.ts';
import { checkResponse, type ExpectedResponse, parseStatusResponse, type Response } from '../response.ts';
import { build, protocolNamespace, signedElements } from '../vocabulary.ts';
import { type FormFields, relayStateOf } from './post.ts';

/** A reference to a message that its issuer keeps (SAML Bindings 3.6.4.2). */
export interface Artifact {
  /** Index of the issuer's artifact resolution service. */
  endpointIndex: number;
  /** SHA-1 of the issuer's entity identifier. */
  sourceId: Bytes;
  /** The artifact as it came, to be sent back. */
  text: string;
}

/** An artifact as the browser brought it, by a form or a query; nothing of it is verified. */
export interface BroughtArtifact {
  artifact: Artifact;
  relayState: string | undefined;
}

/** Reads the fields of the HTTP Artifact binding (SAML Bindings 3.6.3). Throws {@link SamlStatusError}. */
export function parseArtifactFields(fields: FormFields): BroughtArtifact {
  const { SAMLart: [text, ...more] = [], SAMLRequest = [], SAMLResponse = [] } = fields;
  if (text === undefined || more.length + SAMLRequest.length + SAMLResponse.length > 0) {
    throw new SamlStatusError('message.binding', 'There is no single SAMLart and nothing beside it.');
  }
  return { artifact: parseArtifact(text), relayState: relayStateOf(fields) };
}

/** 44 bytes in base64. */
const artifactLength = 60;

/** Reads a `SAMLart` parameter of type 0x0004. Throws {@link SamlStatusError} `artifact.malformed`. */
export function parseArtifact(text: string): Artifact {
  if (text.length !== artifactLength) {
    throw new SamlStatusError('artifact.malformed', `It has ${text.length} characters, not ${artifactLength}.`);
  }
  const bytes = reading(() => decodeBase64(text));
  // Type code 4, an index of two bytes, source and message handle of twenty bytes each.
  if (bytes.length !== 44 || bytes[0] !== 0 || bytes[1] !== 4) {
    throw new SamlStatusError(
      'artifact.malformed',
      `It has ${bytes.length} bytes and begins with ${bytes[0]}, ${bytes[1]}.`,
    );
  }
  return { endpointIndex: ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), sourceId: bytes.slice(4, 24), text };
}

/**
 * The resolution service that an artifact names, among those of the issuer from whom one is expected. Throws
 * {@link SamlStatusError} `artifact.source` or `artifact.endpoint`.
 *
 * @param sourceId  SHA-1 of that issuer's entity identifier
 */
export function decideResolutionService<Service extends { readonly index: number }>(
  artifact: Artifact,
  sourceId: Bytes,
  services: readonly Service[],
): Service {
  if (artifact.sourceId.some((byte, at) => byte !== sourceId[at])) {
    throw new SamlStatusError('artifact.source', 'Another issuer made it.');
  }
  const service = services.find(({ index }) => index === artifact.endpointIndex);
  if (service) return service;
  throw new SamlStatusError('artifact.endpoint', `The trust has no resolution service ${artifact.endpointIndex}.`);
}

/** Writes the request for the message behind an artifact, unsigned (SAML Core 3.5.1). */
export function buildArtifactResolve(request: MessageHeader & { artifact: Artifact }): XmlElement {
  return build('samlp:ArtifactResolve', headerAttributes(request), [
    buildIssuer(request),
    build('samlp:Artifact', {}, request.artifact.text),
  ]);
}

/** The answer to an ArtifactResolve. */
export interface ArtifactResponse extends Response {
  /** What the artifact stood for; undefined: nothing, or no longer. */
  message: XmlElement | undefined;
}

/**
 * Reads an ArtifactResponse (SAML Core 3.5.2). The message in it is as trustworthy as the channel it came through and
 * the signatures it carries. Throws {@link SamlStatusError}.
 */
export function parseArtifactResponse(element: XmlElement): ArtifactResponse {
  return reading(() => {
    const response = parseStatusResponse(element, 'ArtifactResponse');
    const status = getChild(element, protocolNamespace, 'Status');
    const [message, ...more] = listElements(element).slice(listElements(element).indexOf(status) + 1);
    if (more.length > 0) throw new SamlStatusError('artifact.response', 'It holds several messages.');
    if (message && !signedElements.some(({ namespace, name }) => isNamed(message, namespace, name))) {
      throw new SamlStatusError('artifact.response', `It holds a ${message.name}.`);
    }
    return { ...response, message };
  });
}

/**
 * The message of an ArtifactResponse that answers our request. Refuses one of another issuer, of another time, to
 * another request, without success, or without a message. Throws {@link SamlStatusError}.
 */
export function checkArtifactResponse(response: ArtifactResponse, expected: ExpectedResponse): XmlElement {
  // SAML Profiles 5.4.2: it must say who answers.
  if (response.issuer === undefined) throw new SamlStatusError('message.issuer', 'There is none.');
  checkResponse(response, expected);
  // SAML Core 3.5.3: so an issuer answers for an artifact that it does not know, or has resolved before.
  const { message } = response;
  if (!message) throw new SamlStatusError('artifact.response', 'The artifact stands for nothing, or no longer.');
  return message;
}
