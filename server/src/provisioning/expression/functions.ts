/**
 * The functions of attribute mappings: names and meaning as Microsoft Entra documents them. Those that depend on chance or
 * on the clock are left out, since an object would differ from its target each time it is looked at.
 */
import { RE2JS } from 're2js';
import { ExpressionError, type ExpressionValue } from './expression.ts';

export interface FunctionDefinition {
  readonly name: string;
  /** Least and most parts. */
  readonly takes: readonly [least: number, most: number];
  evaluate(parts: readonly ExpressionValue[]): ExpressionValue;
}

type Values = readonly ExpressionValue[];

/** No value, or the empty text. */
export function isBlank(value: ExpressionValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The value as text. A list counts by its first value, as everywhere in these functions. */
export function textOf(value: ExpressionValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? (value[0] ?? '') : String(value);
}

function listOf(value: ExpressionValue | undefined): string[] {
  if (isBlank(value)) return [];
  return typeof value === 'object' && value !== null ? [...value] : [textOf(value)];
}

function numberOf(name: string, value: ExpressionValue | undefined): number {
  const number = Number(textOf(value));
  if (isBlank(value) || !Number.isFinite(number)) throw new ExpressionError(`${name} needs a number.`);
  return number;
}

/** A text, or each text of a list, changed in the same way. No value stays no value. */
function eachText(change: (text: string) => string) {
  return ([value]: Values): ExpressionValue => {
    if (value === undefined || value === null) return null;
    return typeof value === 'object' ? value.map(change) : change(textOf(value));
  };
}

function isTrue(value: ExpressionValue | undefined): boolean {
  return value === true || textOf(value).toLowerCase() === 'true';
}

/** Compiled to run in linear time: administrators write these. */
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new ExpressionError(`The regular expression ${pattern} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Replace(source, oldValue, regexPattern, regexGroupName, replacementValue, replacementAttributeName, template): in its
 * documented forms - old value by new value, old value of the template by the source, matches by new value.
 */
function replace([source, oldValue, pattern, groupName, newValue, newAttribute, template]: Values): ExpressionValue {
  if (isBlank(source)) return null;
  const text = textOf(source);
  const replacement = textOf(isBlank(newAttribute) ? newValue : newAttribute);
  if (!isBlank(template)) return textOf(template).replaceAll(textOf(oldValue), () => text);
  if (isBlank(pattern)) return isBlank(oldValue) ? text : text.replaceAll(textOf(oldValue), () => replacement);
  const matcher = compile(textOf(pattern)).matcher(text);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    const group = isBlank(groupName) ? 0 : textOf(groupName);
    const start = matcher.start(group);
    if (start < 0) continue;
    result += text.slice(end, start) + replacement;
    end = matcher.end(group);
  }
  return result + text.slice(end);
}

/** Switch(source, default, key1, value1, key2, value2 ...) */
function switchOf([source, otherwise = null, ...pairs]: Values): ExpressionValue {
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    if (textOf(source).toLowerCase() === textOf(pairs[index]).toLowerCase()) return pairs[index + 1] ?? null;
  }
  return otherwise;
}

function middle(text: string, start: number, length: number): string {
  if (start < 1 || length < 0) throw new ExpressionError('Mid starts at 1 and takes no negative length.');
  return text.slice(start - 1, start - 1 + length);
}

/** Word(text, number, delimiters): the number starts at 1. */
function wordOf([text, number, delimiters]: Values): string {
  const signs = new Set(textOf(delimiters));
  const words: string[] = [''];
  for (const character of textOf(text)) {
    if (signs.has(character)) words.push('');
    else words.push((words.pop() ?? '') + character);
  }
  return words.filter((word) => word !== '')[numberOf('Word', number) - 1] ?? '';
}

const any = Number.POSITIVE_INFINITY;

const definitions: readonly FunctionDefinition[] = [
  { name: 'Append', takes: [2, 2], evaluate: ([text, end]) => textOf(text) + textOf(end) },
  { name: 'BitAnd', takes: [2, 2], evaluate: ([a, b]) => numberOf('BitAnd', a) & numberOf('BitAnd', b) },
  { name: 'CBool', takes: [1, 1], evaluate: ([value]) => isTrue(value) || (typeof value === 'number' && value !== 0) },
  { name: 'CStr', takes: [1, 1], evaluate: ([value]) => (value === null ? null : textOf(value)) },
  { name: 'Coalesce', takes: [1, any], evaluate: (parts) => parts.find((part) => !isBlank(part)) ?? null },
  {
    name: 'ConvertToBase64',
    takes: [1, 1],
    evaluate: ([value]) => Buffer.from(textOf(value), 'utf8').toString('base64'),
  },
  {
    name: 'ConvertToUTF8Hex',
    takes: [1, 1],
    evaluate: ([value]) => Buffer.from(textOf(value), 'utf8').toString('hex').toUpperCase(),
  },
  { name: 'Count', takes: [1, 1], evaluate: ([value]) => listOf(value).length },
  {
    name: 'IIF',
    takes: [3, 3],
    evaluate: ([condition, yes = null, no = null]) => (isTrue(condition) ? yes : no),
  },
  {
    name: 'InStr',
    takes: [2, 4],
    evaluate([text, part, start]) {
      const from = isBlank(start) ? 0 : numberOf('InStr', start) - 1;
      return textOf(text).toLowerCase().indexOf(textOf(part).toLowerCase(), from) + 1;
    },
  },
  { name: 'IsNull', takes: [1, 1], evaluate: ([value]) => value === null },
  { name: 'IsNullOrEmpty', takes: [1, 1], evaluate: ([value]) => isBlank(value) },
  { name: 'IsPresent', takes: [1, 1], evaluate: ([value]) => !isBlank(value) },
  { name: 'IsString', takes: [1, 1], evaluate: ([value]) => typeof value === 'string' },
  { name: 'Item', takes: [2, 2], evaluate: ([list, at]) => listOf(list)[numberOf('Item', at) - 1] ?? null },
  {
    name: 'Join',
    takes: [2, any],
    evaluate: ([separator, ...parts]) => parts.flatMap(listOf).join(textOf(separator)),
  },
  { name: 'Left', takes: [2, 2], evaluate: ([text, length]) => textOf(text).slice(0, numberOf('Left', length)) },
  {
    name: 'Mid',
    takes: [3, 3],
    evaluate: ([text, start, length]) => middle(textOf(text), numberOf('Mid', start), numberOf('Mid', length)),
  },
  {
    name: 'NormalizeDiacritics',
    takes: [1, 1],
    evaluate: eachText((text) => text.normalize('NFD').replace(/\p{M}/gu, '')),
  },
  { name: 'Not', takes: [1, 1], evaluate: ([value]) => !isTrue(value) },
  {
    name: 'PCase',
    takes: [1, 2],
    evaluate: eachText((text) => text.toLowerCase().replace(/(^|[\s'-])(\p{L})/gu, (all) => all.toUpperCase())),
  },
  { name: 'RemoveDuplicates', takes: [1, 1], evaluate: ([list]) => [...new Set(listOf(list))] },
  { name: 'Replace', takes: [5, 7], evaluate: replace },
  // The roles that an object holds are listed by the engine as the attribute of this name.
  { name: 'SingleAppRoleAssignment', takes: [1, 1], evaluate: ([roles]) => listOf(roles)[0] ?? null },
  { name: 'AppRoleAssignments', takes: [1, 1], evaluate: ([roles]) => listOf(roles) },
  {
    name: 'Split',
    takes: [2, 2],
    evaluate: ([text, delimiter]) => (isBlank(text) ? [] : textOf(text).split(textOf(delimiter))),
  },
  { name: 'StripSpaces', takes: [1, 1], evaluate: eachText((text) => text.replaceAll(' ', '')) },
  { name: 'Switch', takes: [4, any], evaluate: switchOf },
  { name: 'ToLower', takes: [1, 2], evaluate: eachText((text) => text.toLowerCase()) },
  { name: 'ToUpper', takes: [1, 2], evaluate: eachText((text) => text.toUpperCase()) },
  { name: 'Word', takes: [3, 3], evaluate: wordOf },
];

const byName = new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]));

/** The function of that name, whatever its capitals. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name.toLowerCase());
}
