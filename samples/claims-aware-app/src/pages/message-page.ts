import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** Says what happened, and leads to the start. */
export function messagePage(frame: PageFrame, { title, text }: { title: string; text: string }): Html {
  return layout(
    frame,
    title,
    html`<h1>${title}</h1><p>${text}</p><p class="actions"><a class="button" href="/">To the start</a></p>`,
  );
}
