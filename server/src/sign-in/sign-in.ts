import type { Problem, Progress, Text } from '../user-flows/index.ts';
import type { AnswerWith, RequestedSignIn } from './requested-sign-in.ts';

/** A sign-in that is under way: what was asked, and how far it has come. */
export interface SignIn {
  id: string;
  requested: RequestedSignIn;
  answerWith: AnswerWith;
  /** SHA-256 of the secret of the browser that began it; no other goes on with it. */
  browserDigest: string;
  progress: Progress;
  /** What the next page is shown with. */
  shown: ShownWith;
  createdAt: Date;
  expiresAt: Date;
  /** Grows with every change; of two that happen at once, one is kept. */
  version: number;
}

/** What a page is shown with besides its form: what was wrong, what was typed, what else is to be said. */
export interface ShownWith {
  problems: readonly Problem[];
  typed: Readonly<Record<string, string>>;
  note: Text | null;
}

export const nothingShown: ShownWith = { problems: [], typed: {}, note: null };

/** How long a person may take, in milliseconds: an hour. */
export const signInLifetime = 3_600_000;

/** The sign-in as it is kept next. */
export function changed(signIn: SignIn, progress: Progress, shown: ShownWith = nothingShown): SignIn {
  return { ...signIn, progress, shown, version: signIn.version + 1 };
}
