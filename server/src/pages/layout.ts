import type { FramePart } from '../branding/index.ts';
import type { Text } from '../user-flows/index.ts';
import { type Brand, standardBrand } from './brand.ts';
import { type Child, closing, type Html, html, opening } from './html.ts';
import { direction, type Translate } from './messages/index.ts';

/** What every page needs besides its content. */
export interface PageContext {
  /** Tag of a language that we have, or that the tenant has texts in. */
  language: string;
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
  /** The page has more to show than a form. */
  isWide?: boolean;
  /** The page leads there by itself. */
  continueTo?: string;
  /** After so many seconds; at once when it is not said. */
  continueAfterSeconds?: number;
}

/** In this order: what is later counts more. */
const styleSheets = ['page.css', 'form.css', 'content.css'];

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
${context.continueTo !== undefined && html`<meta http-equiv="refresh" content="${context.continueAfterSeconds ?? 0};url=${context.continueTo}">`}
<title>${translate(title)} - ${brand.name}</title>
${styleSheets.map((name) => html`<link rel="stylesheet" href="${assets}/${name}">`)}
${brand.styleSheet && html`<link rel="stylesheet" href="${brand.styleSheet}">`}
<link rel="icon" href="${brand.icon ?? `${assets}/icon.svg`}">
${scripts.map((script) => html`<script type="module" src="${assets}/${script}"></script>`)}
</head>
<body>
${brand.frame ? framed(brand, assets, card(context, content)) : card(context, html`<header class="cs-brand">${brandMark(brand, assets)}</header>${content}`)}
<footer class="cs-footer">
${!namesLinks(brand) && linksOf(brand)}
${context.reference && html`<span>${translate({ key: 'page.reference', values: { reference: context.reference } })}</span>`}
</footer>
</body>
</html>`;
}

function card({ isWide }: PageContext, content: Child): Html {
  return html`<main class="${isWide ? 'cs-card cs-wide' : 'cs-card'}">${content}</main>`;
}

/** The tenant's own frame around the form. */
function framed(brand: Brand, assets: string, content: Child): Html {
  const places = { form: content, name: brand.name, logo: brandMark(brand, assets), links: linksOf(brand) };
  const written = (part: FramePart): Child => {
    switch (part.kind) {
      case 'open':
        return opening(part.name, part.attributes);
      case 'close':
        return closing(part.name);
      case 'text':
        return part.text;
      case 'place':
        return places[part.name];
    }
  };
  return html`${brand.frame?.map(written)}`;
}

function linksOf({ links }: Brand): Html {
  return html`${links.map((link) => html`<a href="${link.href}">${link.label}</a>`)}`;
}

function namesLinks({ frame = [] }: Brand): boolean {
  return frame.some((part) => part.kind === 'place' && part.name === 'links');
}

function brandMark(brand: Brand, assets: string): Html {
  if (brand.logo) return html`<img src="${brand.logo}" alt="${brand.name}" class="cs-logo">`;
  return html`<img src="${assets}/icon.svg" alt="" class="cs-icon" width="32" height="32"><span>${brand.name}</span>`;
}
