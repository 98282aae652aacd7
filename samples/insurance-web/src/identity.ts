// Everything about the hub: which user flows there are, and how MSAL walks them. Only addresses differ from Azure AD B2C.
import {
  AuthError,
  type AuthenticationResult,
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  ResponseMode,
} from '@azure/msal-node';
import type { Settings } from './settings.ts';

/** The tenant's user flows, by what this application uses them for. */
const userFlows = {
  signIn: 'B2C_1_signupsignin1',
  secondFactor: 'B2C_1_signupsignin1_mfa',
  profile: 'B2C_1_profileediting1',
  password: 'B2C_1_passwordreset1',
} as const;

export type Purpose = keyof typeof userFlows;

const apiScopes = ['Accounts.Read', 'Accounts.Write'].map((name) => `https://contoso.onmicrosoft.com/api/${name}`);

/** Path to which the hub sends browsers back. */
export const callbackPath = '/getAToken';

/** A walk that has begun at the hub and is not back yet. */
export interface Walk {
  purpose: Purpose;
  /** Path to go to afterwards. */
  returnTo: string;
  nonce: string;
  verifier: string;
}

/** The tokens are no good any more: the session at the hub was ended, or the password changed. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

/** RFC 6749 5.2: the refresh token counts no more. */
function isRefused(error: unknown): boolean {
  const isGrant = error instanceof AuthError && error.errorCode === 'invalid_grant';
  return isGrant || error instanceof InteractionRequiredAuthError;
}

/** The hub, as one person's session sees it: the tokens stay in here and never reach the browser. */
export class Identity {
  readonly #settings: Settings;
  readonly #msal: ConfidentialClientApplication;
  readonly #crypto = new CryptoProvider();

  constructor(settings: Settings) {
    this.#settings = settings;
    const { clientId, clientSecret, tenantUrl } = settings;
    const knownAuthorities = [new URL(tenantUrl).host];
    this.#msal = new ConfidentialClientApplication({
      auth: { clientId, clientSecret, authority: this.#authority('signIn'), knownAuthorities },
    });
  }

  /** Begins a user flow: where the browser goes, and what to keep until it is back, by the state that it brings along. */
  async begin(purpose: Purpose, returnTo: string): Promise<{ url: string; state: string; walk: Walk }> {
    const { verifier, challenge } = await this.#crypto.generatePkceCodes();
    const [state, nonce] = [this.#crypto.createNewGuid(), this.#crypto.createNewGuid()];
    const url = await this.#msal.getAuthCodeUrl({
      ...this.#request(purpose),
      responseMode: ResponseMode.QUERY,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      state,
      nonce,
    });
    return { url, state, walk: { purpose, returnTo, nonce, verifier } };
  }

  /** Ends a user flow: redeems the code with which the browser came back. */
  async finish({ purpose, nonce, verifier }: Walk, code: string): Promise<AuthenticationResult> {
    return this.#msal.acquireTokenByCode({ ...this.#request(purpose), code, codeVerifier: verifier, nonce });
  }

  /**
   * An access token for the API, renewed where it is about to expire.
   *
   * @throws SignedOut when the person has to sign in again
   */
  async accessToken({ account }: AuthenticationResult): Promise<string> {
    if (!account) throw new Error('Nobody is signed in.');
    const { authority, scopes } = this.#request('signIn');
    const result = await this.#msal.acquireTokenSilent({ account, authority, scopes }).catch((error) => {
      throw isRefused(error) ? new SignedOut('The hub renews no token.', { cause: error }) : error;
    });
    return result.accessToken;
  }

  /** Where the browser's session at the hub ends. */
  signOutUrl(): string {
    const url = new URL(`${this.#authority('signIn')}/oauth2/v2.0/logout`);
    url.searchParams.set('client_id', this.#settings.clientId);
    url.searchParams.set('post_logout_redirect_uri', `${this.#settings.publicUrl}/`);
    return url.href;
  }

  #request(purpose: Purpose): { authority: string; scopes: string[]; redirectUri: string } {
    return {
      authority: this.#authority(purpose),
      scopes: purpose === 'signIn' || purpose === 'secondFactor' ? apiScopes : [],
      redirectUri: this.#settings.publicUrl + callbackPath,
    };
  }

  #authority(purpose: Purpose): string {
    return `${this.#settings.tenantUrl}/${userFlows[purpose]}`;
  }
}
