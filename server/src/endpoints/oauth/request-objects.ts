import { findClient } from '../../applications/index.ts';
import type { OAuthCall } from './call.ts';
import { parametersOf, withParameters } from './parameters.ts';
import type { OAuthOptions } from './stores.ts';

/** Longest request object in characters; requests by value are no longer either. */
const longest = 16_384;
/** Time for the whole call, in milliseconds: somebody waits in front of a browser. */
const patience = 3_000;
/** How long a request object is kept, in milliseconds: one that expires is refused by its own claims. */
const freshFor = 60_000;
const most = 200;

/** How the addresses of pushed requests begin (RFC 9126 2.2), which the provider knows itself. */
const pushed = 'urn:';

interface Kept {
  object: Promise<string>;
  readAt: number;
}

/**
 * Request objects that clients pass by reference (RFC 9101 5.2, OIDC Core 6.2): only from addresses that the client has
 * registered, so that nobody can make the hub call another one. The provider gets the object by value, and demands that
 * it is signed.
 */
export class RequestObjects {
  readonly #options: Pick<OAuthOptions, 'storage' | 'fetch' | 'now'>;
  readonly #kept = new Map<string, Kept>();

  constructor(options: Pick<OAuthOptions, 'storage' | 'fetch' | 'now'>) {
    this.#options = options;
  }

  /**
   * The call with its request object in place of the reference; where there is none, with the reason why, which the
   * provider then answers at the reply address (RFC 9101 7).
   */
  async resolve(call: OAuthCall): Promise<OAuthCall> {
    try {
      return await this.#resolve(call);
    } catch (error) {
      if (!(error instanceof RequestUriError)) throw error;
      return { ...call, requestUriProblem: error.message };
    }
  }

  async #resolve(call: OAuthCall): Promise<OAuthCall> {
    const parameters = parametersOf(call.request);
    const [address, ...others] = parameters.getAll('request_uri');
    if (address === undefined || address.startsWith(pushed)) return call;
    // RFC 9101 5: MUST NOT be used together with `request`.
    if (others.length > 0 || parameters.has('request'))
      throw new RequestUriError('request_uri may be there once, without request.');
    const client = await findClient(this.#options.storage.read, call.tenant.id, parameters.get('client_id') ?? '');
    const registered = client?.oauthClient.requestUris ?? [];
    // OIDC Core 6.2: the fragment, a digest of the object, may change without a new registration.
    const isRegistered = registered.some((each) => withoutFragment(each) === withoutFragment(address));
    if (!isRegistered) throw new RequestUriError('The client has not registered this request_uri.');
    parameters.delete('request_uri');
    parameters.set('request', await this.#read(address));
    return { ...call, request: withParameters(call.request, parameters) };
  }

  async #read(address: string): Promise<string> {
    const now = this.#options.now().getTime();
    const known = this.#kept.get(address);
    if (known && Math.abs(now - known.readAt) < freshFor) return known.object;
    const object = this.#fetch(withoutFragment(address));
    this.#kept.delete(address);
    this.#kept.set(address, { object, readAt: now });
    object.catch(() => this.#kept.delete(address));
    const [oldest = ''] = this.#kept.keys();
    if (this.#kept.size > most) this.#kept.delete(oldest);
    return object;
  }

  async #fetch(address: string): Promise<string> {
    try {
      const response = await this.#options.fetch(address, {
        headers: { accept: 'application/oauth-authz-req+jwt, application/jwt' },
        signal: AbortSignal.timeout(patience),
      });
      const text = (await response.text()).trim();
      if (response.status === 200 && text.length <= longest && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return text;
    } catch (cause) {
      throw new RequestUriError('The request_uri could not be read.', { cause });
    }
    throw new RequestUriError(`There is no signed request object of at most ${longest} characters at the request_uri.`);
  }
}

function withoutFragment(address: string): string {
  return address.replace(/#.*$/s, '');
}

class RequestUriError extends Error {}
