import type { ApplicationStores } from '../applications/index.ts';
import type { Act, AuditStore } from '../audit/index.ts';
import type { DirectoryObject, DirectoryStores, PasswordHasher, Tenant } from '../directory/index.ts';
import type { UpstreamProvider } from '../upstream-providers/index.ts';
import type { AccountTask } from './account-task.ts';
import type { AuthenticationMethod } from './authentication-method.ts';
import type { MissingConsent } from './consent.ts';
import type { ConfirmedBy, UserFlow } from './flow.ts';
import type { Form, Text } from './form.ts';
import type { Progress } from './progress.ts';
import type { ProvenFactor } from './proven-factor.ts';
import type { UserFlowStores } from './store.ts';

/** Stores of one transaction, or of what is committed. */
export type StepStores = DirectoryStores &
  UserFlowStores &
  Pick<ApplicationStores, 'permissionGrants'> & { audit: AuditStore };

/** Everything that a step may know. */
export interface StepContext {
  tenant: Tenant;
  flow: UserFlow;
  signInId: string;
  /** Object id of its service principal. */
  applicationId: string;
  applicationName: string;
  /** What the application asks for and nobody has consented to yet. */
  missingConsent: readonly MissingConsent[];
  loginHint: string | null;
  /** What the person came from the account page to do. */
  task: AccountTask | null;
  progress: Progress;
  /** Whoever signs in, once that is proven. */
  user: DirectoryObject | undefined;
  /** How that is proven so far, also by the session. */
  factors: readonly ProvenFactor[];
  /** What the user has registered to prove who it is. */
  methods: readonly AuthenticationMethod[];
  /** Where people can sign in here. */
  homes: Homes;
  /** Second factors of which one can be chosen here: to prove it, or to register it. */
  choice: SecondFactorChoice;
  /** Recognises the browser; see `KnownBrowserStore`. */
  browserDigest: string;
  address: string;
  /** Scheme, host and port of the pages, as the browser sees them. */
  origin: string;
  /** 256 random bits in base64url for a passkey to sign; others after each time that a page was posted. */
  challenge: string;
  /** Languages of the person, most wanted first. */
  languages: readonly string[];
  now: Date;
  /** What is committed. */
  stores: StepStores;
  /** Keeps something whatever becomes of the step. */
  write<Result>(work: (stores: StepStores) => Promise<Result>): Promise<Result>;
  tools: StepTools;
}

/** What steps need from outside, so that they are the same in every test. */
export interface StepTools {
  hasher: PasswordHasher;
  /** Messages were put on their way: whoever sends them need not wait for the next round. */
  deliverSoon: () => void;
  /** Six random digits. */
  newCode: () => string;
  randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
  newId: () => string;
}

/** What was typed and which button was pressed (`action`), by the name of the field. Untrusted. */
export type Input = Readonly<Record<string, string>>;

/** What is wrong with what was typed: in one field, or as a whole. */
export interface Problem {
  field: string | null;
  text: Text;
}

/**
 * Runs in the transaction that keeps the step's outcome. When it finds problems, the step is shown again; what it wrote is
 * kept nevertheless. When it throws a refusal, nothing is kept.
 */
export type StepWrite = (stores: StepStores, act: Act) => Promise<Written>;

export interface Written {
  problems?: readonly Problem[];
  /** Goes into the sign-in log, with the problems. */
  failure?: SignInFailure;
  progress?: Partial<Progress>;
}

/** Places at which people can sign in. */
export interface Homes {
  providers: readonly UpstreamProvider[];
  /** By an account of this tenant. */
  isLocal: boolean;
}

/** Second factors that come into question, best first. */
export interface SecondFactorChoice {
  purpose: 'prove' | 'register';
  options: readonly ConfirmedBy[];
}

/** A step that has done its work. */
export interface Moved {
  outcome: 'moved';
  progress: Partial<Progress>;
  /** Something to be said on the next page. */
  note?: Text;
  write?: StepWrite;
  /** Runs when everything is kept, such as sending a mail; nobody waits for it. */
  afterwards?: () => void;
}

export type StepOutcome = Moved | { outcome: 'refused'; problems: readonly Problem[]; failure?: SignInFailure };

/** Why a proof failed, for the sign-in log; the person is not told this exactly. */
export interface SignInFailure {
  code: string;
  /** Whose name was used, if there is such a user. */
  userId: string | null;
}

/** One page of a flow. */
export interface Step {
  /** Makes ready what the page shows, once, before it is shown first: a challenge, a code that is sent. */
  makeReady?(context: StepContext): Promise<Omit<Moved, 'outcome'>>;
  show(context: StepContext): Form | Promise<Form>;
  submit(context: StepContext, input: Input): Promise<StepOutcome>;
}
