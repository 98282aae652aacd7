import { type DirectoryObject, fold, getTenant, type Tenant } from '../directory/index.ts';
import { isFederatedName } from '../upstream-providers/index.ts';
import {
  type AuthenticationMethod,
  type ConsentState,
  findAccount,
  getFlow,
  type Homes,
  readConsent,
  type UserFlow,
} from '../user-flows/index.ts';
import { findApplicationHomes, intersectHomes, narrowFlow } from './application-homes.ts';
import { type Asked, chooseProof, lastProvenAt, type Proof } from './choose-proof.ts';
import type { Browser } from './completed-sign-in.ts';
import { findTrustedUser } from './find-trusted-user.ts';
import { readHomes } from './home-realm.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import { digestOf } from './secret.ts';
import type { Session } from './session.ts';
import { findSession } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import type { SignInWriting } from './store.ts';

/** Whoever signs in, as far as it is proven and the user is still trusted. */
export interface Person extends Proof {
  user: DirectoryObject;
  mustChangePassword: boolean;
  methods: readonly AuthenticationMethod[];
  consent: ConsentState;
  /** How many recovery codes are left. */
  recoveryCodes: number;
  /** The terms of use of the flow, if it has any. */
  hasAcceptedTerms: boolean;
}

/** All that the next step is decided from. */
export interface Facts extends Asked {
  tenant: Tenant;
  flow: UserFlow;
  session: Session | undefined;
  person: Person | undefined;
  homes: Homes;
  /** Id of the provider at which somebody signed in with this browser last. */
  rememberedHome: string | null;
  /** The person has signed in before in this browser. */
  isKnownBrowser: boolean;
  /** Of the pages. */
  origin: string;
}

/** Reads the state that the next step is decided from. */
export async function readFacts(
  stores: SignInWriting,
  tenantId: string,
  { requested, progress }: Pick<SignIn, 'requested' | 'progress'>,
  browser: Pick<Browser, 'secret' | 'sessionSecret' | 'rememberedHome' | 'origin'>,
  now: Date,
): Promise<Facts> {
  const tenant = await getTenant(stores, tenantId);
  const ofApplication = await findApplicationHomes(stores, tenantId, requested.application);
  const applicationHomes = intersectHomes(ofApplication, requested.proxying?.homes?.map(fold) ?? null);
  const flow = narrowFlow(await getFlow(stores, tenantId, requested.flow), applicationHomes);
  const session = await findSession(stores, tenantId, browser.sessionSecret, now);
  const hint = session && requested.loginHint;
  const hinted = hint ? await findAccount(stores, tenant, flow.accountNames, hint) : undefined;
  const sessionApplications = session ? await stores.sessions.listApplications(tenantId, session.id) : [];
  const hintedUserId = hinted?.id ?? null;
  const asked = { now, flow, requested, progress, session, sessionApplications, hintedUserId, applicationHomes };
  const proof = chooseProof(asked);
  const person = proof && (await findPerson(stores, tenant, flow, proof, requested));
  const isKnownBrowser =
    person !== undefined &&
    browser.secret !== null &&
    (await stores.knownBrowsers.has(tenantId, person.userId, digestOf(browser.secret), now));
  const homes = readHomes(await stores.upstreamProviders.list(tenantId), flow);
  const { origin, rememberedHome } = browser;
  return { ...asked, tenant, person, homes, rememberedHome, isKnownBrowser, origin };
}

async function findPerson(
  stores: SignInWriting,
  tenant: Tenant,
  { terms }: UserFlow,
  proof: Proof,
  { application, scopes }: RequestedSignIn,
): Promise<Person | undefined> {
  const { id: tenantId } = tenant;
  const trusted = await findTrustedUser(stores, tenantId, proof.userId, lastProvenAt(proof.factors));
  if (!trusted) return undefined;
  // Nothing else counts for people whose home is a provider: no password, no passkey, no session from before.
  const isAtHome = proof.factors.some(({ method }) => method === 'federated');
  if (!isAtHome && isFederatedName(tenant, String(trusted.user.attributes['userPrincipalName']))) return undefined;
  const methods = await stores.authenticationMethods.list(tenantId, proof.userId);
  const accepted = terms === null ? [] : await stores.acceptedTerms.list(tenantId, proof.userId);
  return {
    ...proof,
    user: trusted.user,
    mustChangePassword: trusted.password?.mustChange === true,
    methods,
    consent: await readConsent(stores, tenantId, application.id, proof.userId, scopes),
    hasAcceptedTerms: terms === null || accepted.some(({ version }) => version === terms.version),
    recoveryCodes: methods.length > 0 ? await stores.recoveryCodes.count(tenantId, proof.userId) : 0,
  };
}
