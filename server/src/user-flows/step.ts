import type { Act, AuditStore } from '../audit/index.ts';
import type { DirectoryObject, DirectoryStores, PasswordHasher, Tenant } from '../directory/index.ts';
import type { UserFlow } from './flow.ts';
import type { Form, Text } from './form.ts';
import type { Progress } from './progress.ts';
import type { UserFlowStores } from './store.ts';

/** Stores of one transaction, or of what is committed. */
export type StepStores = DirectoryStores & UserFlowStores & { audit: AuditStore };

/** Everything that a step may know. */
export interface StepContext {
  tenant: Tenant;
  flow: UserFlow;
  signInId: string;
  applicationName: string;
  loginHint: string | null;
  progress: Progress;
  /** Whoever signs in, once that is proven. */
  user: DirectoryObject | undefined;
  /** Recognises the browser; see `KnownBrowserStore`. */
  browserDigest: string;
  address: string;
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
}

/** What was typed and which button was pressed (`action`), by the name of the field. Untrusted. */
export type Input = Readonly<Record<string, string>>;

/** What is wrong with what was typed: in one field, or as a whole. */
export interface Problem {
  field: string | null;
  text: Text;
}

/** Runs in the transaction that keeps the step's outcome. When it finds a problem, the step's progress is not kept. */
export type StepWrite = (stores: StepStores, act: Act) => Promise<readonly Problem[]>;

export type StepOutcome =
  | { outcome: 'moved'; progress: Partial<Progress>; write?: StepWrite; afterwards?: () => void }
  | { outcome: 'refused'; problems: readonly Problem[]; failure?: SignInFailure };

/** Why a proof failed, for the sign-in log; the person is not told this exactly. */
export interface SignInFailure {
  code: string;
  /** Whose name was used, if there is such a user. */
  userId: string | null;
}

/** One page of a flow. */
export interface Step {
  /** Makes ready what the page shows, once, before it is shown first: a challenge, a code that is sent. */
  makeReady?(
    context: StepContext,
  ): Promise<{ progress: Partial<Progress>; write?: StepWrite; afterwards?: () => void }>;
  show(context: StepContext): Form | Promise<Form>;
  submit(context: StepContext, input: Input): Promise<StepOutcome>;
}
