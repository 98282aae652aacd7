import { WsFederationError } from './errors.ts';

/** A relying party's request to sign somebody in (WS-Federation 1.2 13.2.2). */
export interface SignInRequest {
  action: 'signIn';
  /** Who asks: `wtrealm`. */
  realm: string;
  /** Where the answer shall go: `wreply`. */
  reply?: string | undefined;
  /** Comes back with the answer, byte for byte: `wctx`. */
  context?: string | undefined;
  /** The home realm: `whr`. */
  homeRealm?: string | undefined;
  /** How many minutes ago the user may have signed in; 0: now. `wfresh`. */
  freshnessMinutes?: number | undefined;
  /** The authentication asked for, a URI: `wauth`. */
  authenticationType?: string | undefined;
  /** Interop: `login` asks for a fresh sign-in at AD FS of 2012 R2 and later, in any way ([MS-MWBF] 2.2.3). */
  prompt?: string | undefined;
}

/** A request to sign somebody out, everywhere or at the receiver alone (WS-Federation 1.2 13.2.4). */
export interface SignOutRequest {
  action: 'signOut' | 'signOutCleanup';
  realm?: string | undefined;
  reply?: string | undefined;
  context?: string | undefined;
}

export type PassiveRequest = SignInRequest | SignOutRequest;

/** The values of one parameter. */
export type PassiveFields = Readonly<Record<string, readonly string[] | undefined>>;

const actions = {
  signIn: 'wsignin1.0',
  signOut: 'wsignout1.0',
  signOutCleanup: 'wsignoutcleanup1.0',
} as const;

/** Longer than any peer's; Shibboleth keeps its own state and sends a key, others put whole addresses into it. */
const longestValue = 2048;

/** Reads the parameters of a passive request, from a query or a form. Throws {@link WsFederationError}. */
export function parsePassiveRequest(fields: PassiveFields): PassiveRequest {
  const action = find(fields, 'wa');
  const common = { reply: find(fields, 'wreply'), context: find(fields, 'wctx') };
  const realm = find(fields, 'wtrealm');
  if (action === actions.signOut) return { action: 'signOut', realm, ...common };
  if (action === actions.signOutCleanup) return { action: 'signOutCleanup', realm, ...common };
  if (action !== actions.signIn) throw new WsFederationError('request.action', `It is "${action ?? ''}".`);
  if (!realm) throw new WsFederationError('request.parameter', 'There is no wtrealm.');
  const freshness = find(fields, 'wfresh');
  return {
    action: 'signIn',
    realm,
    ...common,
    homeRealm: find(fields, 'whr'),
    freshnessMinutes: freshness === undefined ? undefined : parseMinutes(freshness),
    authenticationType: find(fields, 'wauth'),
    prompt: find(fields, 'prompt'),
  };
}

function find(fields: PassiveFields, name: string): string | undefined {
  const [value, ...more] = fields[name] ?? [];
  if (more.length > 0) throw new WsFederationError('request.parameter', `There are several ${name}.`);
  if (value !== undefined && value.length > longestValue) {
    throw new WsFederationError('request.parameter', `${name} has ${value.length} characters.`);
  }
  return value;
}

function parseMinutes(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WsFederationError('request.freshness', `It is "${text.slice(0, 20)}".`);
  return Number(text);
}

/** The address of a sign-in or sign-out request at a security token service, whose own query is kept. */
export function buildPassiveRequest(location: string, request: PassiveRequest): string {
  const parameters: Record<string, string | undefined> = {
    wa: actions[request.action],
    wtrealm: request.realm,
    wreply: request.reply,
    wctx: request.context,
  };
  if (request.action === 'signIn') {
    parameters['whr'] = request.homeRealm;
    parameters['wfresh'] = request.freshnessMinutes?.toString();
    parameters['wauth'] = request.authenticationType;
    parameters['prompt'] = request.prompt;
  }
  const url = new URL(location);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Where the answer goes: the address asked for if it is registered, character by character; without one the first
 * registered. Throws {@link WsFederationError} `request.reply_address`.
 */
export function decideReplyAddress({ reply }: PassiveRequest, registered: readonly string[]): string {
  const address = reply === undefined ? registered[0] : registered.find((known) => known === reply);
  if (address === undefined)
    throw new WsFederationError('request.reply_address', `"${reply ?? ''}" is not registered.`);
  return address;
}
