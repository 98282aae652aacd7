import type { Problem, Progress } from '../user-flows/index.ts';
import type { AnswerWith, RequestedSignIn } from './requested-sign-in.ts';

/** A sign-in that is under way: what was asked, and how far it has come. */
export interface SignIn {
  id: string;
  requested: RequestedSignIn;
  answerWith: AnswerWith;
  /** SHA-256 of the secret of the browser that began it; no other goes on with it. */
  browserDigest: string;
  progress: Progress;
  /** What the last page is shown with: what was wrong, and what was typed. */
  shown: { problems: readonly Problem[]; typed: Readonly<Record<string, string>> };
  createdAt: Date;
  expiresAt: Date;
  /** Grows with every change; of two that happen at once, one is kept. */
  version: number;
}

/** How long a person may take, in milliseconds: an hour. */
export const signInLifetime = 3_600_000;

/** The sign-in as it is kept next. A change of progress leaves the page before with what was typed on it. */
export function changed(signIn: SignIn, change: Partial<Pick<SignIn, 'progress' | 'shown'>>): SignIn {
  const shown = change.shown ?? { problems: [], typed: {} };
  return { ...signIn, ...change, shown, version: signIn.version + 1 };
}
