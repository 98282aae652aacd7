import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** Says what happened, and where to go on. */
export function messagePage(
  frame: PageFrame,
  { title, text, next }: { title: string; text: string; next: { href: string; label: string } },
): Html {
  return layout(
    frame,
    title,
    html`<h1>${title}</h1><p>${text}</p><p class="actions"><a class="button" href="${next.href}">${next.label}</a></p>`,
  );
}
