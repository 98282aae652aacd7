import { chooseLanguage, translator } from '../pages/index.ts';
import type { Mail } from '../user-flows/index.ts';

/** A mail in the words of one language, as plain text that every mail program shows. */
export interface ComposedMail {
  to: string;
  sender: string;
  subject: string;
  text: string;
}

/** The mail in the first of the person's languages that we have. A code stands in a line of its own. */
export function compose({ to, sender, languages, subject, paragraphs, code }: Mail): ComposedMail {
  const translate = translator(chooseLanguage(languages));
  const [first = '', ...others] = paragraphs.map(translate);
  const text = [first, ...(code === undefined ? [] : [`    ${code}`]), ...others].join('\n\n');
  return { to, sender, subject: translate(subject), text: `${text}\n\n${sender}\n` };
}
