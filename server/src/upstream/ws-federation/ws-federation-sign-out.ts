import { buildPassiveRequest, parsePassiveRequest, WsFederationError } from '@countersign/ws-federation';
import type { UpstreamSession } from '../../upstream-providers/index.ts';
import type { ProtocolSignOut, SignOutParts } from '../protocol.ts';
import { withWsFederationFailures } from './failures.ts';
import { realmOf } from './realm.ts';

/** What is kept of a session at a provider: its messages name neither it nor the person. */
export const namelessSession: UpstreamSession = { key: null, state: '{}' };

/** Sign-outs with providers of WS-Federation (WS-Federation 1.2 13.2.4). */
export function wsFederationSignOut({
  publicUrl,
  newSecret,
}: Pick<SignOutParts, 'publicUrl' | 'newSecret'>): ProtocolSignOut<'wsFederation'> {
  return {
    async tell(between) {
      const { provider, returnTo } = between;
      const { endsSession, passiveEndpoint } = provider.wsFederation;
      if (!endsSession) return undefined;
      const messageId = newSecret();
      const reply = new URL(returnTo);
      // No provider must give `wctx` back after a sign-out, so that the address itself has it.
      reply.searchParams.set('wctx', messageId);
      const realm = realmOf(publicUrl, between);
      const url = buildPassiveRequest(passiveEndpoint, { action: 'signOut', realm, reply: reply.href });
      return { by: 'visit', messageId, departure: { url } };
    },

    hear: (_, { parameters }) =>
      withWsFederationFailures(async () => {
        const fields = Object.fromEntries(['wa', 'wtrealm', 'wctx'].map((name) => [name, parameters.getAll(name)]));
        if (!parameters.has('wa')) {
          const [messageId = ''] = fields['wctx'] ?? [];
          return { kind: 'response', messageId, failure: undefined };
        }
        const { action } = parsePassiveRequest(fields);
        if (action === 'signIn') throw new WsFederationError('request.action', 'It is no sign-out.');
        return { kind: 'notice', by: 'frame', meant: { key: null, isAbout: () => true } };
      }),
  };
}
