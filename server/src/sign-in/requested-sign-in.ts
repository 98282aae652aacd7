import type { AccountTask, ResourceScopes } from '../user-flows/index.ts';
import type { AuthenticationContext } from './authentication-context.ts';

export type { ResourceScopes };

/** Words of OIDC Core 3.1.2.1, used for all protocols. */
export type Prompt = 'none' | 'login' | 'select_account' | 'consent' | 'create';

/** What an endpoint asks for, in words of no protocol. The endpoint has proven the application and its reply address. */
export interface RequestedSignIn {
  application: {
    /** Object id of its service principal. */
    id: string;
    appId: string;
    displayName: string;
    /** The name under which the application knows us and by which it is told of the end of the session. */
    issuer?: string;
  };
  /** Name of a flow of the tenant in any case; null for the built-in flow in which staff signs in. */
  flow: string | null;
  prompts: readonly Prompt[];
  /** The person must have proven to be there within this time. 0 asks again; null takes any session. */
  maxAgeSeconds: number | null;
  /** Name to sign in with, put into the form. */
  loginHint: string | null;
  /** Domain or identity provider at which the person is at home. */
  domainHint: string | null;
  /** Languages for the pages, most wanted first. */
  uiLocales: readonly string[];
  /** How the person should prove to be there, most wanted first; empty leaves it to the flow. */
  contexts: readonly AuthenticationContext[];
  /** Refuses the sign-in rather than answering with another context (an essential `acr`, SAML's exact comparison). */
  mustReachContext: boolean;
  /** What the application wants to do in the person's name. Granted scopes are not asked about again. */
  scopes: readonly ResourceScopes[];
  /** Only this user may answer (`id_token_hint`, `sub` in `claims`, SAML's Subject). */
  userId: string | null;
  /** What the person came from the account page to do. */
  task?: AccountTask;
  /** What the request says of others who prove in our place who the person is; undefined: nothing. */
  proxying?: Proxying;
}

/** How a request limits who may prove in our place who the person is, in the words of SAML Core 3.4.1.2 to 3.4.1.5. */
export interface Proxying {
  /** From where the person may come, of the places of the application: ids of providers, `local`; null: from everywhere. */
  homes: readonly string[] | null;
  /** How many may stand between us and the one that proves it, ourselves not counted; null: the request does not say. */
  count: number | null;
  /** Entity identifiers of those who may prove it; null: the request does not say. */
  providers: readonly string[] | null;
  /** Entity identifiers of those for whom we ask, the first one first. */
  requesters: readonly string[];
}

/** OIDC Core 3.1.2.1: whether it counts when the person was there last. */
export function asksProofOfNow({ prompts, maxAgeSeconds }: RequestedSignIn): boolean {
  return prompts.includes('login') || maxAgeSeconds !== null;
}

/** Where the answer goes: the endpoint that asked, and what it needs to go on. */
export interface AnswerWith {
  /** Name of the endpoint; no other can fetch the result. */
  endpoint: string;
  /** Path on the host of the sign-in to which the browser is sent, with `result=...` added to its query. */
  returnTo: string;
  /** Whatever the endpoint wants back with the result, unread. Not for secrets. */
  state: string;
}
