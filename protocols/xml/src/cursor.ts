import { ncName } from './characters.ts';
import { XmlError, type XmlRefusal } from './errors.ts';

/** A name as it is written; the prefix is empty where there is none. */
export interface QualifiedName {
  prefix: string;
  name: string;
}

/** Codes of the characters that markup is made of. */
export const codes = {
  doubleQuote: 0x22,
  singleQuote: 0x27,
  slash: 0x2f,
  colon: 0x3a,
  lessThan: 0x3c,
  equalsSign: 0x3d,
  greaterThan: 0x3e,
} as const;

const [tab, lineFeed, blank] = [0x09, 0x0a, 0x20];

/** By code, which characters of ASCII names begin with (1) and go on with (2). */
const inNames = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) return 1;
  return /[-.0-9]/.test(character) ? 2 : 0;
});

const anyName = new RegExp(ncName, 'y');

/**
 * A place in a text, and what stands on every line of a message: names and white space. Characters are compared by their
 * code, which takes half as long as regular expressions.
 */
export class Cursor {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text;
  }

  protected skipBlanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== blank && code !== lineFeed && code !== tab) return;
      this.at += 1;
    }
  }

  /** Goes past the character, if it comes next. */
  protected skip(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  /** A name with its prefix; the name is empty where there is none. */
  protected readQualifiedName(): QualifiedName {
    const first = this.readName();
    if (first === '' || !this.skip(codes.colon)) return { prefix: '', name: first };
    return { prefix: first, name: this.readName() };
  }

  /** A name without colon, empty where there is none. */
  private readName(): string {
    const from = this.at;
    let code = this.text.charCodeAt(from);
    if (inNames[code] === 2) return '';
    let at = from;
    while (inNames[code]) code = this.text.charCodeAt(++at);
    if (code >= 128) {
      anyName.lastIndex = from;
      at = anyName.test(this.text) ? anyName.lastIndex : from;
    }
    this.at = at;
    return this.text.slice(from, at);
  }

  protected refuse(code: XmlRefusal, detail: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new XmlError(code, `${detail} (line ${before.length}, column ${column})`);
  }
}
