import { type Html, html } from './html.ts';

export interface Notice {
  tone: 'success' | 'info' | 'error';
  text: string;
}

/** What every page shows besides its content. */
export interface PageFrame {
  /** The address of the page, to mark it in the navigation. */
  path: string;
  /** Name of the person who is signed in. */
  personName: string | undefined;
  csrf: string;
  notice: Notice | undefined;
}

const places = [
  { path: '/', name: 'Home' },
  { path: '/plans', name: 'Plans' },
  { path: '/policy', name: 'My policy' },
  { path: '/claims', name: 'My claims' },
];

export function layout(frame: PageFrame, title: string, content: Html): Html {
  const { path, personName, notice } = frame;
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Contoso Insurance</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><div class="row">
<a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32">Contoso Insurance</a>
<nav aria-label="Main"><ul>${places.map(
    (place) =>
      html`<li>${place.path === path ? html`<a href="${place.path}" aria-current="page">${place.name}</a>` : html`<a href="${place.path}">${place.name}</a>`}</li>`,
  )}</ul></nav>
<div class="person">${
    personName === undefined
      ? html`<a class="button" href="/sign-in">Sign in</a>`
      : html`<span>${personName}</span><form method="post" action="/sign-out">${csrfField(frame)}<button class="quiet">Sign out</button></form>`
  }</div>
</div></header>
<main id="content" class="row" tabindex="-1">
${notice && html`<p class="notice ${notice.tone}" role="${notice.tone === 'error' ? 'alert' : 'status'}">${notice.text}</p>`}
${content}
</main>
<footer class="row">A sample application for Countersign. Nothing here is insured.</footer>
</body>
</html>`;
}

export function csrfField({ csrf }: PageFrame): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}">`;
}
