import { de } from './de.ts';
import { en } from './en.ts';

/** English is the type of the keys; every other language must have them all. */
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;

export const languages = { en, de } as const satisfies Record<string, Messages>;
type Language = keyof typeof languages;

/** Languages written from right to left, for tenants that bring their own texts in one. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'sd', 'ug', 'yi']);

export function direction(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

/**
 * The best language that there is for what was asked, most wanted first: `ui_locales`, the cookie, `Accept-Language`. A
 * region falls back to its language (RFC 4647 3.4).
 *
 * @param own  languages in which a tenant has texts of its own; English stands in for what is missing there
 */
export function chooseLanguage(wanted: readonly string[], own: readonly string[] = []): string {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (Object.hasOwn(languages, language) || (own.includes(language) && /^[a-z]{2,8}$/.test(language)))
      return language;
  }
  return 'en';
}

/** The tags of an `Accept-Language` header, best first (RFC 9110 12.5.4). */
export function acceptedLanguages(header: string): string[] {
  return header
    .slice(0, 1000)
    .split(',')
    .map((entry, index) => {
      const [tag = '', ...parameters] = entry.trim().split(';');
      const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality), index };
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .map(({ tag }) => tag);
}

/** Whether there is a sentence for this key. */
export function hasMessage(key: string): boolean {
  return Object.hasOwn(en, key);
}

/** Turns keys into sentences of one language, with a tenant's own texts before ours. */
export function translator(language: string, own: Readonly<Partial<Record<string, string>>> = {}) {
  const messages: Readonly<Record<string, string>> = Object.hasOwn(languages, language)
    ? languages[language as Language]
    : en;
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  const shown = (value: unknown) => (value instanceof Date ? dates.format(value) : String(value));
  return ({ key, values = {} }: { key: string; values?: Readonly<Record<string, string | number | Date>> }): string => {
    const text = own[key] ?? messages[key] ?? (key.startsWith('refused.') ? messages['refused.other'] : undefined);
    // A key that nobody wrote is a bug of ours; its name is still better than an empty page.
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? shown(values[name]) : place));
  };
}

export type Translate = ReturnType<typeof translator>;
