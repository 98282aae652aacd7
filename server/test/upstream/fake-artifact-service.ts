// The back channel of the identity provider in the test's own process: keeps answers, and gives them for artifacts.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  parsePost,
  protocolNamespace,
  type Response as SamlResponse,
  samlNamespace,
  signSaml,
  unwrapSoap,
  verifyMessage,
  wrapInSoap,
} from '@countersign/saml';
import {
  type BuildContent,
  defaultSignatureAlgorithms,
  formatInstant,
  getAttribute,
  getChild,
  parseXml,
  textOf,
  vocabulary,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import { type Signer, xmlDigest, xmlSigner, xmlVerificationKey } from '../../src/issuance/index.ts';
import { newSecret } from '../sign-in/journey.ts';
import { issuer } from './fake-saml-provider.ts';

const build = vocabulary({ samlp: protocolNamespace, saml: samlNamespace });

export const resolutionLocation = 'https://idp.example/artifact';
export const artifactResolution = [{ index: 0, location: resolutionLocation }] as const;

/** An artifact with a handle of its own. */
export function newArtifact({ entityId = issuer, endpointIndex = 0, typeCode = 4 } = {}): string {
  const sourceId = createHash('sha1').update(entityId).digest();
  const head = Buffer.from([0, typeCode, endpointIndex >> 8, endpointIndex & 0xff]);
  return Buffer.concat([head, sourceId, randomBytes(20)]).toString('base64');
}

/** The fields of an answer with an artifact in place of the message. */
export function byArtifact(answer: URLSearchParams, artifact = newArtifact()): URLSearchParams {
  return new URLSearchParams({ SAMLart: artifact, RelayState: answer.get('RelayState') ?? '' });
}

/** What is asked with an envelope, its signature verified. */
export async function readArtifactResolve(envelope: string, certificate: string) {
  const trust = { keys: [xmlVerificationKey(certificate)], algorithms: defaultSignatureAlgorithms };
  const { element } = await verifyMessage(unwrapSoap(parseXml(envelope)), trust, true, xmlDigest);
  assert.equal(element.name, 'ArtifactResolve');
  return {
    id: getAttribute(element, 'ID'),
    destination: getAttribute(element, 'Destination'),
    entityId: textOf(getChild(element, samlNamespace, 'Issuer')),
    artifact: textOf(getChild(element, protocolNamespace, 'Artifact')),
  };
}

/** What goes over a proper answer to a request for a message. */
export interface WrongArtifactResponse {
  inResponseTo?: string;
  issuer?: string;
  status?: SamlResponse['status']['code'];
  /** Signs it; otherwise nobody does. */
  signer?: Signer;
  /** Makes something else of what it holds. */
  messages?: (message: XmlElement) => readonly XmlElement[];
}

/** The envelope that gives the message of an answer for its artifact. */
export async function artifactResponse(
  inResponseTo: string,
  answer: URLSearchParams,
  now: Date,
  wrong: WrongArtifactResponse = {},
): Promise<string> {
  const { element } = parsePost({ SAMLResponse: answer.getAll('SAMLResponse') });
  const response = unsignedResponse(inResponseTo, now, wrong, wrong.messages?.(element) ?? element);
  const { signer } = wrong;
  const signed = signer ? await signSaml(response, { signer: xmlSigner(signer), digest: xmlDigest }) : response;
  return writeXml(wrapInSoap(signed));
}

/** An envelope whose message is this text, good or not. */
export function artifactEnvelope(inResponseTo: string, entityId: string, now: Date, text: string): string {
  const place = 'the message';
  return writeXml(wrapInSoap(unsignedResponse(inResponseTo, now, { issuer: entityId }, place))).replace(
    place,
    () => text,
  );
}

function unsignedResponse(
  inResponseTo: string,
  now: Date,
  wrong: WrongArtifactResponse,
  messages: BuildContent,
): XmlElement {
  const code = `urn:oasis:names:tc:SAML:2.0:status:${wrong.status ?? 'Success'}`;
  return build(
    'samlp:ArtifactResponse',
    {
      ID: `_${newSecret()}`,
      Version: '2.0',
      IssueInstant: formatInstant(now),
      InResponseTo: wrong.inResponseTo ?? inResponseTo,
    },
    [
      build('saml:Issuer', {}, wrong.issuer ?? issuer),
      build('samlp:Status', {}, build('samlp:StatusCode', { Value: code })),
      messages,
    ],
  );
}
