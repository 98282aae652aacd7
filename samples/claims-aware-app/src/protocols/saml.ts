// SAML 2.0 as the side that trusts, by node-saml.
import { type CacheProvider, type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import type { HubRole } from '../hub-metadata.ts';
import { type Claim, claimTypes, type Person } from '../person.ts';
import type { Settings } from '../settings.ts';
import type { Form, Protocol } from './protocol.ts';

/** Where assertions come. */
export const samlPath = '/saml/acs';
/** Where the hub says that somebody signs out, and answers when that was asked for here. */
export const samlSignOutPath = '/saml/logout';
export const samlMetadataPath = '/saml/metadata';

const mostOpenRequests = 10_000;

export interface SamlProtocol extends Protocol {
  /** What the hub has to know of this application. */
  describe(): Promise<string>;
  /**
   * Reads a message of the hub about the end of a session.
   * @returns whose session ends and where the browser goes; undefined for the answer to our own request
   */
  hearOfSignOut(query: string): Promise<{ sessionIndex: string; goTo: string } | undefined>;
}

export function samlProtocol(
  { publicUrl, entityId }: Pick<Settings, 'publicUrl' | 'entityId'>,
  metadata: () => Promise<HubRole>,
): SamlProtocol {
  const requests = new OpenRequests();
  const open = ({ issuer, certificates, address }: HubRole, forceAuthn = false) =>
    new SAML({
      issuer: entityId,
      callbackUrl: publicUrl + samlPath,
      logoutCallbackUrl: publicUrl + samlSignOutPath,
      entryPoint: address,
      logoutUrl: address,
      idpIssuer: issuer,
      idpCert: [...certificates],
      audience: entityId,
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      cacheProvider: requests,
      disableRequestedAuthnContext: true,
      identifierFormat: null,
      acceptedClockSkewMs: 180_000,
      forceAuthn,
    });

  return {
    async begin(walk, { home, isFresh }) {
      const saml = open(await metadata(), isFresh);
      // Interop: AD FS reads the home realm beside the message.
      return saml.getAuthorizeUrlAsync(walk, undefined, { additionalParams: home === '' ? {} : { whr: home } });
    },

    async complete({ SAMLResponse = '', RelayState: walk = '' }) {
      const { profile } = await open(await metadata()).validatePostResponseAsync({ SAMLResponse });
      if (!profile) throw new Error('The answer holds no assertion.');
      return { walk, person: personOf(profile) };
    },

    async signOut({ session }) {
      if (!session) throw new Error('The hub named no session.');
      const { issuer } = await metadata();
      const profile = {
        issuer,
        nameID: session.nameId,
        nameIDFormat: session.nameIdFormat,
        sessionIndex: session.index,
      };
      return open(await metadata()).getLogoutUrlAsync(profile, '', {});
    },

    async describe() {
      return open(await metadata()).generateServiceProviderMetadata(null);
    },

    async hearOfSignOut(query) {
      const form: Form = Object.fromEntries(new URLSearchParams(query));
      const saml = open(await metadata());
      if (form['SAMLResponse'] !== undefined) return undefined;
      // SAML Profiles 4.4.4.1: node-saml takes requests without a signature, too.
      if (form['Signature'] === undefined) throw new Error('A request to sign somebody out must be signed.');
      const { profile } = await saml.validateRedirectAsync(form as Record<string, string>, query);
      if (!profile) throw new Error('The request to sign out names nobody.');
      const goTo = await saml.getLogoutResponseUrlAsync(profile, form['RelayState'] ?? '', {}, true);
      return { sessionIndex: profile.sessionIndex ?? '', goTo };
    },
  };
}

function personOf(profile: Profile): Person {
  const { issuer, nameID, nameIDFormat, sessionIndex } = profile;
  const claims: Claim[] = [{ type: claimTypes.nameIdentifier, value: nameID, issuer }];
  for (const [type, values] of Object.entries(profile['attributes'] ?? {})) {
    for (const value of [values].flat()) claims.push({ type, value: String(value), issuer });
  }
  const session = { nameId: nameID, nameIdFormat: nameIDFormat, index: sessionIndex ?? '' };
  return { protocol: 'saml', tokenKind: 'SAML 2.0', claims, token: profile.getAssertionXml?.() ?? '', session };
}

/** Which requests were sent and not answered yet: an answer to no request of ours counts nothing. */
class OpenRequests implements CacheProvider {
  readonly #sent = new Map<string, string>();

  async saveAsync(id: string, value: string) {
    this.#sent.set(id, value);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > mostOpenRequests && oldest !== undefined) this.#sent.delete(oldest);
    return { value, createdAt: Date.now() };
  }

  async getAsync(id: string) {
    return this.#sent.get(id) ?? null;
  }

  async removeAsync(id: string | null) {
    return id !== null && this.#sent.delete(id) ? id : null;
  }
}
