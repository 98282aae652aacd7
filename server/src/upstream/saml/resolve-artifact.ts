import { createHash } from 'node:crypto';
import {
  type Artifact,
  buildArtifactResolve,
  checkArtifactResponse,
  decideResolutionService,
  parseArtifactResponse,
  signSaml,
  soapRequestHeaders,
  unwrapSoap,
  verifyMessage,
  wrapInSoap,
} from '@countersign/saml';
import { parseXml, writeXml, type XmlElement } from '@countersign/xml';
import { xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type { OutboundFetch } from '../../outbound/index.ts';
import { type Unsolicited, UpstreamFailure } from '../../sign-in/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';
import { entityIdOf } from '../entity-id.ts';
import type { UpstreamParts } from '../protocol.ts';
import { clockSkewSeconds, signatureTrust } from './message.ts';

/** As long as the message behind an artifact may be old, in milliseconds. */
const artifactLifetime = 600_000;

/** Fetches the message behind an artifact. @throws SamlStatusError, XmlError, UpstreamFailure */
type ResolveArtifact = (expected: Unsolicited, saml: SamlTrust, artifact: Artifact) => Promise<XmlElement>;

/**
 * Makes what asks the provider over the back channel (SAML Bindings 3.6, SAML Profiles 5). Our request is signed (5.4.1);
 * a signature of the answer counts when it is there, and the message in it is proven as if it had come by POST.
 */
export function artifactResolver({ fetch, keys, publicUrl, useId }: UpstreamParts): ResolveArtifact {
  return async ({ tenantId, provider: { issuer }, returnTo, now }, saml, artifact) => {
    const sourceId = createHash('sha1').update(issuer).digest();
    const { location } = decideResolutionService(artifact, sourceId, saml.artifactResolution);
    const digest = createHash('sha256').update(artifact.text).digest('base64url');
    // SAML Core 3.5.3: an artifact is used once. Its issuer sees to that; whoever has one from a browser must not try again.
    const until = new Date(now.getTime() + artifactLifetime);
    if (!(await useId(tenantId, `artifact ${issuer} ${digest}`, until))) {
      const check = { check: 'artifact.replayed', spec: 'SAML Core 3.5.3' };
      throw new UpstreamFailure('upstream_answer_wrong', 'The artifact came before.', undefined, check);
    }
    // SAML Core 1.3.4: as unique as the artifact, which is asked for once.
    const id = `_${digest}`;
    const request = { id, issueInstant: now, issuer: entityIdOf(publicUrl, tenantId), destination: location, artifact };
    const signer = xmlSigner(await keys.signer(tenantId));
    const signed = await signSaml(buildArtifactResolve(request), { signer, digest: xmlDigest });
    const envelope = parseXml(await exchange(fetch, location, writeXml(wrapInSoap(signed))));
    const answer = await verifyMessage(unwrapSoap(envelope), signatureTrust(saml), false, xmlDigest);
    const expected = { issuer, destinations: [returnTo], isSigned: false, inResponseTo: id, now, clockSkewSeconds };
    return checkArtifactResponse(parseArtifactResponse(answer.element), expected);
  };
}

/** Sends an envelope, and returns the one that answers. Private networks, time and size are the matter of `fetch`. */
async function exchange(fetch: OutboundFetch, location: string, body: string): Promise<Uint8Array> {
  try {
    const answer = await fetch(location, { method: 'POST', headers: soapRequestHeaders, body });
    // SOAP 1.1 6.2: faults have the status 500.
    if (answer.status === 200 || answer.status === 500) return new Uint8Array(await answer.arrayBuffer());
    throw new Error(`it answered with status ${answer.status}.`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const check = { check: 'artifact.unresolved', spec: 'SAML Bindings 3.6.6' };
    throw new UpstreamFailure('upstream_unreachable', `${location} resolves no artifact: ${problem}`, error, check);
  }
}
