import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ServicePrincipal } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import type { BegunSignIn, SignInResult } from '../../sign-in/index.ts';
import type { UserFlow } from '../../user-flows/index.ts';
import type { HttpRequest } from '../http.ts';
import type { PageFrame } from '../sign-in/index.ts';
import type { WaitingDevice } from './device/device-codes.ts';
import type { TokenClaims } from './token-claims.ts';

export interface TurnedTo {
  resource: ServicePrincipal;
  /** Undefined: all to which somebody consented. */
  scopes: readonly string[] | undefined;
}

/** One request at an endpoint, with what everything that the provider calls back needs to know of it. */
export interface OAuthCall {
  request: HttpRequest;
  tenant: Tenant;
  /** The flow that the address names, or the one in which staff signs in. */
  flow: UserFlow;
  /** What stands around the pages of the tenant, with these languages before those of the browser. */
  frame(uiLocales?: readonly string[]): Promise<PageFrame>;
  /** What tokens say besides what the standards demand. */
  claims: TokenClaims;
  /** What a dialect remembers of the request until it is answered. Plain JSON, kept while people are asked. */
  remembered: object | null;
  /** Members of an authorization answer besides those of the standards. */
  answerMembers(call: OAuthCall): Readonly<Record<string, string>>;
  /** Why the request object at the `request_uri` of the request is none. */
  requestUriProblem: string | undefined;
  /** An error of the authorization endpoint, in the words of whoever asked. */
  describeError(answer: Readonly<Record<string, unknown>>, call: OAuthCall): Readonly<Record<string, unknown>>;
  /** The user is not assigned to the application, which only those may use who are. */
  isUnassigned: boolean;
  /** A resource to which the refresh token of the request shall be turned, with the scopes that are asked for there. */
  turnedTo: TurnedTo | undefined;
  /** How long after its redemption a refresh token works again for the same client, in milliseconds. */
  refreshGrace: number;
  /** Resources that the request was found to name, by these names. */
  resources: Map<string, ServicePrincipal>;
  /** How the client called a resource, by the object id of its service principal. */
  askedNames: Map<string, string>;
  /** How the user has proven to be there, where a grant of ours knows it. */
  proof: Proof | undefined;
  /** The client that the request names, whether it has proven to be that or not. */
  client: ServicePrincipal | undefined;
  /** The client that has proven itself before the provider was asked, with the secret by which the provider knows it. */
  provenClient: { clientId: string; secret: string } | undefined;
  /** The access token of the request is of a client whose proofs need a nonce. */
  demandsNonce: boolean;
  /** Who acts for the user with the token, where a grant of ours knows it (RFC 8693 4.1). */
  act: Readonly<Record<string, unknown>> | undefined;
  /** The user of whom the answer is, once that is known. */
  accountId: string | undefined;
  /** The result of the sign-in with which the browser has come back. */
  resumed: SignInResult | undefined;
  /** The sign-in that this request began, when people have to be asked. */
  begun: Extract<BegunSignIn, { outcome: 'interaction' }> | undefined;
  /** The device about which the browser's person decides. */
  device: WaitingDevice | undefined;
  /** What went wrong inside; the provider's answer only says that something did. */
  failure: { error: unknown } | undefined;
}

/** How and when a person has proven to be there, in the words of OIDC Core 2; where it is known. */
export interface Proof {
  authTime: number | undefined;
  acr: string | undefined;
  amr: string[] | undefined;
}

/** An error of the authorization endpoint as it is answered. The provider knows no request objects elsewhere. */
export function describedError(
  call: OAuthCall,
  answer: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { requestUriProblem: problem } = call;
  const own = problem === undefined ? {} : { error: 'invalid_request_uri', error_description: problem };
  return call.describeError({ ...answer, ...own }, call);
}

const calls = new WeakMap<IncomingMessage, OAuthCall>();

/** Binds what is known of the request to the message by which the provider knows it. */
export function bindCall(message: IncomingMessage, call: OAuthCall): void {
  calls.set(message, call);
}

/** What is known of the request that the provider works on. */
export function callOf(ctx: Pick<KoaContextWithOIDC, 'req'>): OAuthCall {
  const call = calls.get(ctx.req);
  if (!call) throw new Error('The provider works on a request that was not bound to a call.');
  return call;
}
