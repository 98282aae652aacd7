import { chooseLanguage, translator } from '../pages/index.ts';
import type { Mail, TextMessage } from '../user-flows/index.ts';

/** Texts of a tenant in place of ours: language, then key of the message. */
export type OwnTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A mail in the words of one language, as plain text that every mail program shows. */
export interface ComposedMail {
  to: string;
  sender: string;
  subject: string;
  text: string;
}

/** The mail in the first of the person's languages that we have. A code stands in a line of its own. */
export function composeMail({ to, sender, languages, subject, paragraphs, code }: Mail, own: OwnTexts): ComposedMail {
  const translate = translatorFor(languages, own);
  const [first = '', ...others] = paragraphs.map(translate);
  const text = [first, ...(code === undefined ? [] : [`    ${code}`]), ...others].join('\n\n');
  return { to, sender, subject: translate(subject), text: `${text}\n\n${sender}\n` };
}

/** The text for a phone, in one line. */
export function composeText({ languages, paragraphs }: TextMessage, own: OwnTexts): string {
  return paragraphs.map(translatorFor(languages, own)).join(' ');
}

function translatorFor(languages: readonly string[], own: OwnTexts) {
  const language = chooseLanguage(languages, Object.keys(own));
  return translator(language, own[language]);
}
