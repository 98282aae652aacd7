// WS-Federation 1.2 13, the passive profile, as the side that trusts.
import type { HubRole } from '../hub-metadata.ts';
import type { Settings } from '../settings.ts';
import type { Protocol } from './protocol.ts';
import { type Token, verifyToken } from './verify-token.ts';

/** Where tokens come, and where the hub says that somebody signs out. */
export const wsFederationPath = '/signin';

/** How far the clocks may differ, in milliseconds. */
const clockSkew = 180_000;

export function wsFederationProtocol(
  { publicUrl, realm }: Pick<Settings, 'publicUrl' | 'realm'>,
  metadata: () => Promise<HubRole>,
  now: () => number,
): Protocol {
  const usedTokens = new UsedTokens(now);
  const address = async (parameters: Record<string, string>) => {
    const url = new URL((await metadata()).address);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
  return {
    begin: (walk, { home, isFresh }) =>
      address({
        wa: 'wsignin1.0',
        wtrealm: realm,
        wreply: publicUrl + wsFederationPath,
        wctx: walk,
        wct: new Date(now()).toISOString(),
        ...(home !== '' && { whr: home }),
        // WS-Federation 1.2 13.2.2: no proof that is older counts.
        ...(isFresh && { wfresh: '0' }),
      }),

    async complete({ wa, wresult = '', wctx: walk = '' }) {
      if (wa !== 'wsignin1.0') throw new Error(`An answer to a sign-in was awaited, and "${wa}" came.`);
      const hub = await metadata();
      const token = verifyToken(wresult, hub.certificates);
      check(token, hub.issuer, realm, now());
      usedTokens.use(token);
      const { kind, claims, xml } = token;
      const person = { protocol: 'ws-federation', tokenKind: kind, claims, token: xml, session: undefined } as const;
      return { walk, person };
    },

    signOut: () => address({ wa: 'wsignout1.0', wtrealm: realm, wreply: publicUrl + wsFederationPath }),
  };
}

/** What a token says of itself must fit. The signature only says that nobody changed it. */
function check({ issuer, audiences, notBefore, notOnOrAfter }: Token, hub: string, realm: string, now: number): void {
  if (issuer !== hub) throw new Error(`The token is of "${issuer}".`);
  if (!audiences.includes(realm)) throw new Error(`The token is for ${audiences.join(', ') || 'nobody'}.`);
  // Comparing to NaN is false: a time that cannot be read counts as passed.
  if (!(notBefore <= now + clockSkew)) throw new Error('The token is not good yet.');
  if (!(notOnOrAfter > now - clockSkew)) throw new Error('The token is no longer good.');
}

/** A token counts once, so that one that was seen on the way is worth nothing (WS-Federation 1.2 16.4). */
class UsedTokens {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  use({ id, notOnOrAfter }: Token): void {
    const now = this.#now();
    for (const [used, until] of this.#until) if (until < now) this.#until.delete(used);
    if (this.#until.has(id)) throw new Error('The token came before.');
    this.#until.set(id, notOnOrAfter + clockSkew);
  }
}
