import { CompiledQuery, type QueryResult } from 'kysely';
import type { Query } from './engine.ts';

/**
 * The text of a statement, cut where its parameters stand, and their values. Statements that run with every request are
 * written so: Kysely builds and walks a tree for each, which costs as much processor time as SQLite takes to run it.
 */
export interface Statement {
  /** One more than values. */
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
}

/** Makes a statement: what stands in `${}` becomes a parameter, or a part of the text if it is a statement itself. */
export function statement(texts: TemplateStringsArray, ...parts: readonly unknown[]): Statement {
  const joined = [texts[0] ?? ''];
  const values: unknown[] = [];
  const append = (text: string) => {
    joined[joined.length - 1] += text;
  };
  for (const [index, part] of parts.entries()) {
    if (isStatement(part)) {
      append(part.texts[0] ?? '');
      joined.push(...part.texts.slice(1));
      values.push(...part.values);
    } else {
      joined.push('');
      values.push(part);
    }
    append(texts[index + 1] ?? '');
  }
  return { texts: joined, values };
}

/** A text of our own as a part of a statement, such as the name of a column: never what somebody sent. */
export function plain(text: string): Statement {
  return { texts: [text], values: [] };
}

/** Statements one after another, with a comma between them. */
export function listed(statements: readonly Statement[]): Statement {
  return statements.reduce((all, one) => statement`${all}, ${one}`);
}

/** @param placeholder  how the parameter with this number, from 1, is written in the text */
export function runStatement<Row>(
  query: Query,
  { texts, values }: Statement,
  placeholder: (place: number) => string,
): Promise<QueryResult<Row>> {
  const text = texts.reduce((before, after, index) => before + placeholder(index) + after);
  return query.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
}

function isStatement(part: unknown): part is Statement {
  return typeof part === 'object' && part !== null && 'texts' in part && 'values' in part;
}
