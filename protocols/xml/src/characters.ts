// The characters of XML 1.0 (2.2, 2.3) and what stands for them (4.1, 4.6).

/**
 * A name without colon, as the source of a regular expression. Characters beyond U+FFFF are left out: no vocabulary
 * uses them in names, and without them the order of JavaScript's strings is that of code points, which
 * canonicalization needs.
 */
const nameStart =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD';
export const ncName = `[${nameStart}][${nameStart}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040]*`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot hold.
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/** Whether XML can hold the text: no control characters but tab and line ends, no half surrogate pairs. */
export function isXmlText(text: string): boolean {
  return !forbidden.test(text) && text.isWellFormed();
}

const predefined: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const reference = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g;

/** The text with its references replaced, or undefined when one is none of the five names or no character of XML. */
export function expandReferences(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isSound = true;
  const expanded = text.replace(reference, (_, name?: string, decimal?: string, hexadecimal?: string) => {
    if (name) return predefined[name] ?? '';
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? '', 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
    if (!isXmlText(character)) isSound = false;
    return character;
  });
  return isSound ? expanded : undefined;
}

const blank = /^[\t\n\r ]*$/;

/** Whether the text is nothing but white space. */
export function isBlank(text: string): boolean {
  return blank.test(text);
}
