/** Two columns: names, and texts that are broken to the width of the terminal. */
export function twoColumns(rows: readonly (readonly [string, string])[], width = 100): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  return rows
    .flatMap(([name, text]) =>
      broken(text, Math.max(30, width - left - 4)).map((line, index) =>
        `  ${(index === 0 ? name : '').padEnd(left)}  ${line}`.trimEnd(),
      ),
    )
    .join('\n');
}

/** Breaks at spaces and at ends of lines. A word that is longer than the width stays whole. */
function broken(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      if (current !== '' && current.length + 1 + word.length > width) {
        lines.push(current);
        current = word;
      } else {
        current = current === '' ? word : `${current} ${word}`;
      }
    }
    return [...lines, current];
  });
}
