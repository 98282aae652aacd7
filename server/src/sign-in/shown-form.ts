import type { Block, Form, Input, Problem } from '../user-flows/index.ts';
import type { ShownWith } from './sign-in.ts';

/** Fields whose text is never kept. */
const secretFields = new Set(['password', 'newPassword', 'repeatedPassword', 'code', 'passkey', 'action']);

/** How the page is shown next after it was posted with problems. */
export function shownAgain(problems: readonly Problem[], input: Input): ShownWith {
  const typed = Object.entries(input).filter(([name]) => !secretFields.has(name));
  return { problems, typed: Object.fromEntries(typed), note: null };
}

/** The form with what was typed before, and with what was wrong with it. */
export function withShown(form: Form, { problems, typed, note }: ShownWith): Form {
  const fields = new Set(form.blocks.flatMap((block) => (block.kind === 'field' ? [block.name] : [])));
  const notices = problems
    .filter(({ field }) => field === null || !fields.has(field))
    .map(({ text }): Block => ({ kind: 'notice', tone: 'error', text }));
  if (note) notices.push({ kind: 'notice', tone: 'info', text: note });
  const blocks = form.blocks.map((block): Block => {
    if (block.kind !== 'field') return block;
    const value = typed[block.name] ?? block.value;
    const error = problems.find(({ field }) => field === block.name)?.text;
    return { ...block, ...(value !== undefined && { value }), ...(error && { error }) };
  });
  return { ...form, blocks: [...notices, ...blocks] };
}
