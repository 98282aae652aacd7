import { type Bytes, decodeBase64, getChild, isNamed, listElements, type XmlElement } from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { buildIssuer, headerAttributes, type MessageHeader } from '../message.ts';
import { parseStatusResponse, type Response } from '../response.ts';
import { build, protocolNamespace, signedElements } from '../vocabulary.ts';

/** A reference to a message that its issuer keeps (SAML Bindings 3.6.4.2). */
export interface Artifact {
  /** Index of the issuer's artifact resolution service. */
  endpointIndex: number;
  /** SHA-1 of the issuer's entity identifier. */
  sourceId: Bytes;
  /** The artifact as it came, to be sent back. */
  text: string;
}

/** Reads a `SAMLart` parameter. Throws {@link SamlStatusError} `artifact.malformed`. */
export function parseArtifact(text: string): Artifact {
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
