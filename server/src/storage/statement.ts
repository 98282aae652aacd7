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

/** Statements one after another, with a comma or another text of our own between them. */
export function listed(statements: readonly Statement[], separator = ', '): Statement {
  const texts = [''];
  const values: unknown[] = [];
  for (const [index, one] of statements.entries()) {
    const [first = '', ...others] = one.texts;
    texts[texts.length - 1] += index === 0 ? first : separator + first;
    texts.push(...others);
    values.push(...one.values);
  }
  return { texts, values };
}

/**
 * A table named `t` of one row, which is faster than one of any number of rows.
 *
 * @param type  what stands behind a parameter so that the engine takes it for a text
 */
export function oneRow(columns: readonly string[], row: readonly (string | null)[], type: '' | '::text'): Statement {
  const names = columns.map((name) => `${type} as ${name}`);
  return { texts: ['(select ', ...names.slice(0, -1).map((name) => `${name}, `), `${names.at(-1)}) t`], values: row };
}

function isStatement(part: unknown): part is Statement {
  return typeof part === 'object' && part !== null && 'texts' in part && 'values' in part;
}
