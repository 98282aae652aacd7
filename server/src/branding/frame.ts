import { refuse } from './errors.ts';

/** A piece of a frame. Its element names and attributes are from the lists below, so that it can be written out again. */
export type FramePart =
  | { kind: 'open'; name: string; attributes: Readonly<Record<string, string>> }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string }
  | { kind: 'place'; name: FramePlace };

/** What a frame can name: the form itself, the tenant's name, its logo or name, its links. */
export type FramePlace = (typeof places)[number];
const places = ['form', 'name', 'logo', 'links'] as const;

/** Longest frame, in characters. */
const longestFrame = 20_000;

const elements = new Set(
  'a abbr address article aside b blockquote br div em figure figcaption footer h2 h3 header hr i img li nav ol p section small span strong ul'.split(
    ' ',
  ),
);
const emptyElements = new Set(['br', 'hr', 'img']);
const attributeNames = /^(class|id|href|src|alt|title|lang|dir|width|height|role|aria-[a-z]+)$/;

/** A tag, a place, text, or something else that is then refused. */
const token =
  /<(?<end>\/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>|\{(?<place>\w+)\}|(?<text>[^<{}]+)|(?<other>[\s\S])/gi;

/**
 * Reads the HTML that a tenant puts around the form: a small part of HTML without scripts, styles, forms and frames, so that
 * nobody can break the form or leave our origin. Links are `https:`, pictures are data or of this host.
 *
 * @throws Refusal `branding.invalid`
 */
export function parseFrame(text: string): FramePart[] {
  const fail = (problem: string) => refuse('branding.invalid', { problem: `the frame ${problem}` });
  if (text.length > longestFrame) throw fail(`has more than ${longestFrame} characters`);
  const parts: FramePart[] = [];
  const open: string[] = [];
  for (const { groups = {}, index } of text.matchAll(token)) {
    const { other, place, text: words } = groups;
    const name = groups['name']?.toLowerCase();
    if (other !== undefined) throw fail(`cannot be read from "${text.slice(index, index + 20)}"`);
    if (place !== undefined) {
      const known = places.find((one) => one === place);
      if (!known) throw fail(`names {${place}}; there are ${places.map((one) => `{${one}}`).join(', ')}`);
      parts.push({ kind: 'place', name: known });
    } else if (words !== undefined) parts.push({ kind: 'text', text: decoded(words) });
    else if (name === undefined || !elements.has(name)) throw fail(`may not have the element ${name}`);
    else if (groups['end']) {
      if (open.pop() !== name) throw fail(`closes ${name} where it is not open`);
      parts.push({ kind: 'close', name });
    } else {
      const attributes = readAttributes(groups['attributes'] ?? '');
      if (typeof attributes === 'string') throw fail(attributes);
      parts.push({ kind: 'open', name, attributes });
      if (!emptyElements.has(name)) open.push(name);
    }
  }
  if (open.length > 0) throw fail(`does not close ${open.at(-1)}`);
  const forms = parts.filter((part) => part.kind === 'place' && part.name === 'form');
  if (forms.length !== 1) throw fail('must have {form} exactly once');
  return parts;
}

/** The attributes of a tag, or what is wrong with them. */
function readAttributes(text: string): Record<string, string> | string {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)) {
    const key = name.toLowerCase();
    const content = decoded(value);
    if (!attributeNames.test(key)) return `may not have the attribute ${key}`;
    if (key === 'href' && !/^(https:\/\/|mailto:|tel:)/i.test(content)) return 'may link by https, mailto and tel only';
    if (key === 'src' && !/^data:image\/(png|jpeg|webp|svg\+xml);base64,/i.test(content)) {
      return 'may have pictures as data:image/...;base64 only';
    }
    attributes[key] = content;
  }
  return attributes;
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

/** The text that the character references stand for (HTML 13.2.5.72), as far as a frame needs them. */
function decoded(text: string): string {
  return text.replace(/&(\w+);/g, (reference, name) => characters[name] ?? reference);
}
