import { SamlStatusError } from '../errors.ts';

/** SAML Bindings 3.4.3 allows 80 bytes. Deviation: service providers put whole addresses into it, so more is echoed. */
const longestRelayState = 2048;

/**
 * The relay state, which is the peer's own and is only ever given back as it came: it is no address to go to, whatever
 * it looks like. Throws {@link SamlStatusError} when it is too long.
 */
export function checkRelayState(relayState: string | undefined): string | undefined {
  if (relayState !== undefined && relayState.length > longestRelayState) {
    throw new SamlStatusError('message.relay_state', `It has ${relayState.length} characters.`);
  }
  return relayState;
}
