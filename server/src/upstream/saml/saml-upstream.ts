import { createHmac } from 'node:crypto';
import {
  type AuthnRequest,
  bindings,
  buildAuthnRequest,
  buildMetadata,
  buildPost,
  buildRedirect,
  type IndexedEndpoint,
  SamlStatusError,
  signSaml,
} from '@countersign/saml';
import { writeXml } from '@countersign/xml';
import { compression, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import { type Proxying, type Unsolicited, type UpstreamAnswer, UpstreamFailure } from '../../sign-in/index.ts';
import type { SamlTrust, UpstreamIdentity } from '../../upstream-providers/index.ts';
import { contextOfClass, multiFactorClasses, passwordClasses } from '../context-classes.ts';
import { entityIdOf } from '../entity-id.ts';
import type { ProtocolRequest, ProtocolUnsolicited, ProtocolUpstream, UpstreamParts } from '../protocol.ts';
import { claimsOf, subjectOf } from './claims.ts';
import { decryptionTrust, encryptionKeys } from './encryption.ts';
import { readAnswer } from './message.ts';
import { artifactResolver } from './resolve-artifact.ts';
import { withSamlFailures } from './saml-failures.ts';
import { sessionOf } from './session.ts';
import { verifyAnswer } from './verify-answer.ts';

type SamlRequest = ProtocolRequest<'saml'>;

interface SamlUpstream extends ProtocolUpstream<'saml'> {
  /** As `Upstream` has it. */
  checkUnsolicited(expected: ProtocolUnsolicited<'saml'>, answer: UpstreamAnswer): Promise<void>;
}

/** SAML 2.0 as a service provider (SAML Profiles 4.1): an AuthnRequest by Redirect or POST, a Response by POST or Artifact. */
export function samlUpstream(parts: UpstreamParts): SamlUpstream {
  const { keys, publicUrl, useId } = parts;
  const resolve = artifactResolver(parts);
  const signerOf = async (tenantId: string) => xmlSigner(await keys.signer(tenantId));

  /** Proves an answer to our request, or to none, and that it did not come before. */
  async function prove(
    expected: Unsolicited,
    saml: SamlTrust,
    brought: ReturnType<typeof readAnswer>,
    inResponseTo: string | undefined,
  ) {
    const { tenantId, provider, returnTo, now } = expected;
    const { issuer } = provider;
    const element = 'artifact' in brought ? await resolve(expected, saml, brought.artifact) : brought.element;
    const decryption = await decryptionTrust(keys, tenantId, saml);
    const audience = entityIdOf(publicUrl, tenantId);
    const proven = await verifyAnswer(element, saml, { issuer, audience, returnTo, inResponseTo, now, decryption });
    const { assertion, checked } = proven;
    // SAML Profiles 4.1.4.5: bearer assertions are not replayed.
    const isFirst = await useId(tenantId, `saml ${issuer} ${assertion.id}`, checked.replayableUntil);
    if (!isFirst) throw new UpstreamFailure('upstream_answer_wrong', `The assertion ${assertion.id} came before.`);
    return proven;
  }

  return {
    async begin(asked) {
      const { provider, tenantId, state } = asked;
      const { singleSignOn, signsRequests } = provider.saml;
      const request = buildAuthnRequest(authnRequest(asked, entityIdOf(publicUrl, tenantId)));
      const signer = signsRequests ? await signerOf(tenantId) : undefined;
      const { location } = singleSignOn;
      if (singleSignOn.binding === 'redirect') {
        const options = { parameter: 'SAMLRequest', location, relayState: state, signer } as const;
        return { url: await buildRedirect(request, options, compression) };
      }
      const message = signer ? await signSaml(request, { signer, digest: xmlDigest }) : request;
      return { url: location, fields: { SAMLRequest: buildPost(message), RelayState: state } };
    },

    complete: (asked, { parameters }) =>
      withSamlFailures(async () => {
        const { provider } = asked;
        const brought = readAnswer(parameters);
        if (brought.relayState !== asked.state) {
          throw new SamlStatusError('message.kind', 'It does not answer this sign-in.');
        }
        const { assertion, checked } = await prove(asked, provider.saml, brought, requestIdOf(asked));
        const { authnInstant, contextClass, sessionIndex } = checked.authnStatement;
        const { proxyRestriction } = assertion.conditions ?? {};
        return {
          provider: provider.id,
          subject: subjectOf(provider.saml, checked.nameId, assertion.attributes),
          authenticatedAt: authnInstant,
          context: contextOfClass([contextClass]),
          claims: claimsOf(checked.nameId, assertion.attributes),
          ...(proxyRestriction && { proxyRestriction }),
          session: sessionOf(provider.id, checked.nameId, sessionIndex),
        } satisfies UpstreamIdentity;
      }),

    checkUnsolicited: (expected, { parameters }) =>
      withSamlFailures(async () => {
        const { saml } = expected.provider;
        if (saml.unsolicitedFor === null) {
          throw new SamlStatusError('response.in_response_to', 'Answers that nobody asked for are not taken.');
        }
        await prove(expected, saml, readAnswer(parameters), undefined);
      }),

    async describe({ tenantId, returnTo, signOutReturnTo, soapAddress, now, provider }) {
      const { keys: published } = await keys.jwks(tenantId);
      const signing = await keys.signer(tenantId);
      const rsa = published.filter(({ kty }) => kty === 'RSA');
      const inOrder = rsa.sort((a, b) => Number(b.kid === signing.keyId) - Number(a.kid === signing.keyId));
      const entity = {
        entityId: entityIdOf(publicUrl, tenantId),
        contacts: [],
        serviceProvider: {
          signingCertificates: inOrder.map(({ x5c }) => x5c[0]),
          encryptionKeys: await encryptionKeys(keys, tenantId, provider.saml),
          singleLogoutServices: [
            { binding: 'redirect', location: signOutReturnTo },
            { binding: 'post', location: signOutReturnTo },
            { binding: 'soap', location: soapAddress },
          ],
          artifactResolutionServices: [],
          nameIdFormats: provider.saml.nameIdFormat === null ? [] : [provider.saml.nameIdFormat],
          authnRequestsSigned: provider.saml.signsRequests,
          wantAssertionsSigned: provider.saml.signed !== 'response',
          assertionConsumerServices: consumerServices(provider.saml, returnTo),
          requestedAttributes: [],
        },
      } as const;
      return writeXml(buildMetadata(entity, { id: `_${derived(now.toISOString(), provider.id)}` }));
    },
  };
}

/** SAML Core 1.3.4: the id has at least 128 random bits; it is made anew at the answer, so that nothing must be kept. */
function requestIdOf({ challenge }: SamlRequest): string {
  return `_${derived(challenge, 'request id')}`;
}

function derived(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}

/** SAML Core 3.4.1. */
function authnRequest(asked: SamlRequest, issuer: string): AuthnRequest {
  const { provider, now, returnTo, mustProveAgain, context, proxying } = asked;
  const { singleSignOn, nameIdFormat, responseBinding, promptLoginBehavior } = provider.saml;
  const isStrong = context === 'multiFactor' || context === 'phishingResistant';
  const isByPassword = mustProveAgain && promptLoginBehavior === 'translateToFreshPasswordAuthentication';
  const classes = isStrong ? multiFactorClasses : isByPassword ? passwordClasses : [];
  return {
    id: requestIdOf(asked),
    issueInstant: now,
    issuer,
    destination: singleSignOn.location,
    forceAuthn: mustProveAgain || undefined,
    assertionConsumerServiceUrl: returnTo,
    protocolBinding: bindings[responseBinding],
    nameIdPolicy: nameIdFormat === null ? undefined : { format: nameIdFormat, allowCreate: true },
    requestedAuthnContext: classes.length > 0 ? { comparison: 'exact', classes } : undefined,
    ...(proxying && scoping(proxying)),
  };
}

/**
 * SAML Core 3.4.1.5.1: at most one less than we were given, and the whole list.
 *
 * Deviation: without a count from the application there SHOULD be one, and is none: AD FS refuses every Scoping.
 */
function scoping({ count, providers, requesters }: Proxying) {
  return {
    proxyCount: count === null ? undefined : count - 1,
    identityProviders: providers ?? undefined,
    requesterIds: requesters,
  };
}

/** SAML Metadata 2.4.4: where answers go; the default one is how we ask for them. Artifacts go only where they can be resolved. */
function consumerServices({ artifactResolution, responseBinding }: SamlTrust, location: string): IndexedEndpoint[] {
  const taken = artifactResolution.length > 0 ? (['post', 'artifact'] as const) : (['post'] as const);
  return taken.map((binding, index) => ({ binding, location, index, isDefault: binding === responseBinding }));
}
