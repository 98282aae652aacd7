import type { Person } from '../person.ts';

export interface SignInWishes {
  /** Domain of the organization at which the person is at home; empty lets the hub ask. */
  home: string;
  /** Asks for the password again although somebody is signed in. */
  isFresh: boolean;
}

/** How browsers fetch a token at the hub. */
export interface Protocol {
  /** Where the browser goes. @param walk  comes back with the answer */
  begin(walk: string, wishes: SignInWishes): Promise<string>;
  /** Judges an answer of the hub. @throws Error for one that proves nothing */
  complete(form: Form): Promise<{ walk: string; person: Person }>;
  /** Where the browser goes so that the session at the hub ends, too. */
  signOut(person: Person): Promise<string>;
}

/** The fields of a form. */
export type Form = Readonly<Record<string, string | undefined>>;
