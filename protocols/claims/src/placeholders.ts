// Places in a query for its parameters, in the syntax of .NET's String.Format: {0}, {1}; {{ and }} stand for a brace.

const placeholder = /\{\{|\}\}|\{(?<number>\d+)\}/g;

/** The numbers of the parameters that a query asks for. */
export function findPlaceholders(query: string): number[] {
  return [...query.matchAll(placeholder)].flatMap(({ groups }) =>
    groups?.['number'] ? [Number(groups['number'])] : [],
  );
}

/** Puts the parameters into their places, each written by `write` as the place demands. */
export function fillPlaceholders(
  query: string,
  parameters: readonly string[],
  write: (parameter: string) => string = (parameter) => parameter,
): string {
  return query.replace(placeholder, (written, number?: string) =>
    number === undefined ? written.charAt(0) : write(parameters[Number(number)] ?? ''),
  );
}
