import type { Text } from '../user-flows/index.ts';
import { type Brand, standardBrand } from './brand.ts';
import { type Child, type Html, html } from './html.ts';
import { direction, type Language, type Translate } from './messages/index.ts';

/** What every page needs besides its content. */
export interface PageContext {
  language: Language;
  translate: Translate;
  brand?: Brand;
  /** Folder of our own styles and scripts, without a trailing slash. */
  assets: string;
  /** Where the page's form posts to. */
  action: string;
  /** Proof that the form came from this page. */
  csrfToken: string;
  /** Finds the audit event of a failure. */
  reference?: string;
  /** The page leads there by itself. */
  continueTo?: string;
}

/** A whole page around its content. Scripts only add to what works without them. */
export function layout(context: PageContext, title: Text, content: Child, scripts: readonly string[] = []): Html {
  const { language, translate, assets } = context;
  const brand = context.brand ?? standardBrand;
  return html`<html lang="${language}" dir="${direction(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${context.continueTo !== undefined && html`<meta http-equiv="refresh" content="0;url=${context.continueTo}">`}
<title>${translate(title)} - ${brand.name}</title>
<link rel="stylesheet" href="${assets}/style.css">
${brand.styleSheet && html`<link rel="stylesheet" href="${brand.styleSheet}">`}
<link rel="icon" href="${brand.icon ?? `${assets}/icon.svg`}">
${scripts.map((script) => html`<script type="module" src="${assets}/${script}"></script>`)}
</head>
<body>
<main class="cs-card">
<header class="cs-brand">${brandMark(brand, assets)}</header>
${content}
</main>
<footer class="cs-footer">
${brand.links.map((link) => html`<a href="${link.href}">${link.label}</a>`)}
${context.reference && html`<span>${translate({ key: 'page.reference', values: { reference: context.reference } })}</span>`}
</footer>
</body>
</html>`;
}

function brandMark(brand: Brand, assets: string): Html {
  if (brand.logo) return html`<img src="${brand.logo}" alt="${brand.name}" class="cs-logo">`;
  return html`<img src="${assets}/icon.svg" alt="" class="cs-icon" width="32" height="32"><span>${brand.name}</span>`;
}
