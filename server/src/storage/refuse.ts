import { directoryErrors } from '../directory/index.ts';
import { refusals } from '../refusal.ts';

/** Stores refuse in the words of the features that declare them. */
export const refuse = refusals({ ...directoryErrors });
