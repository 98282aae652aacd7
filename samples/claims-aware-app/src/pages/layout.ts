import { type Html, html } from './html.ts';

/** What every page shows besides its content. */
export interface PageFrame {
  /** The address of the page, to mark it in the navigation. */
  path: string;
  /** Name of the person who is signed in. */
  personName: string | undefined;
  csrf: string;
  notice: string | undefined;
}

const places = [
  { path: '/', name: 'Home' },
  { path: '/claims', name: 'My claims' },
  { path: '/orders', name: 'Orders' },
];

export function layout({ path, personName, csrf, notice }: PageFrame, title: string, content: Html): Html {
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - MyOC Supplies</title>
<link rel="stylesheet" href="/frame.css">
<link rel="stylesheet" href="/content.css">
<link rel="icon" href="/icon.svg">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><div class="row">
<a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32">MyOC Supplies</a>
<nav aria-label="Main"><ul>${places.map(
    (place) =>
      html`<li>${place.path === path ? html`<a href="${place.path}" aria-current="page">${place.name}</a>` : html`<a href="${place.path}">${place.name}</a>`}</li>`,
  )}</ul></nav>
${
  personName !== undefined &&
  html`<form class="person" method="post" action="/sign-out"><input type="hidden" name="csrf" value="${csrf}"><span>${personName}</span><button class="quiet">Sign out</button></form>`
}
</div></header>
<main id="content" class="row" tabindex="-1">
${notice && html`<p class="notice" role="status">${notice}</p>`}
${content}
</main>
<footer class="row">A claims-aware sample application for Countersign. It has no accounts: it believes what the hub signs.</footer>
</body>
</html>`;
}
