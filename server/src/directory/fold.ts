/**
 * The form in which texts are compared when case does not matter: compatible characters are one (NFKC of UAX 15, so that
 * full-width letters equal plain ones), then lower case without regard to any language. Everything that compares names
 * of the directory uses this function, so that no two parts disagree on who somebody is.
 */
export function fold(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  // Lower case can leave NFKC (U+0130 becomes i and a combining dot), so it is composed again.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Texts that no normalization changes, which most are. */
const isAscii = /^[\0-\x7f]*$/;
