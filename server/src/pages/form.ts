import {
  type Block,
  type ChoiceBlock,
  type FieldBlock,
  type Form,
  fieldErrors,
  type ItemAction,
  type ItemsBlock,
} from '../user-flows/index.ts';
import { type Child, type Html, html, attributes as set } from './html.ts';
import { layout, type PageContext } from './layout.ts';
import type { Translate } from './messages/index.ts';

/** A step's form as a page. */
export function formPage(context: PageContext, form: Form): Html {
  const { translate, action, csrfToken } = context;
  const errors = fieldErrors(form);
  const blocks = form.blocks.map((block) => renderBlock(block, translate));
  const content = html`<h1>${translate(form.title)}</h1>
${form.lead && html`<p class="cs-lead">${translate(form.lead)}</p>`}
${errors.length > 0 && errorSummary(errors, translate)}
${isAsking(form) ? html`<form method="post" action="${action}" class="cs-form"><input type="hidden" name="csrf" value="${csrfToken}">${blocks}</form>` : html`<div class="cs-form">${blocks}</div>`}`;
  return layout(context, form.title, content, scriptsOf(form));
}

/** Whether there is anything to press. */
function isAsking({ blocks }: Form): boolean {
  return blocks.some(({ kind }) => kind === 'button' || kind === 'choice' || kind === 'items');
}

/** Only what a block cannot do without, or what makes it more comfortable. */
function scriptsOf({ blocks }: Form): string[] {
  const scripts = new Set<string>();
  for (const block of blocks) {
    if (block.kind === 'passkey') scripts.add('passkey.js');
    if (block.kind === 'field' && block.type === 'password') scripts.add('show-password.js');
  }
  return [...scripts];
}

/** Names every problem at the top and takes the focus, so that it is heard first (WCAG 2.2 3.3.1). */
function errorSummary(errors: ReturnType<typeof fieldErrors>, translate: Translate): Html {
  return html`<div class="cs-notice cs-error" role="alert" tabindex="-1" autofocus>
<p>${translate({ key: 'form.errors' })}</p>
<ul>${errors.map(({ name, error }) => html`<li><a href="#${name}">${translate(error)}</a></li>`)}</ul>
</div>`;
}

function renderBlock(block: Block, translate: Translate): Html {
  switch (block.kind) {
    case 'field':
      return block.type === 'checkbox' ? checkbox(block, translate) : field(block, translate);
    case 'notice':
      return html`<p class="cs-notice cs-${block.tone}" role="${block.tone === 'error' ? 'alert' : 'status'}">${translate(block.text)}</p>`;
    case 'button':
      return html`<button type="submit" name="action" value="${block.action}" class="cs-button cs-${block.look}"${set({ formnovalidate: block.skipsChecks, hidden: block.needsScript })}>${translate(block.label)}</button>`;
    case 'choice':
      return choice(block, translate);
    case 'links':
      return html`<p class="cs-links">${block.links.map((link) => html`<a href="${link.href}">${translate(link.label)}</a>`)}</p>`;
    case 'divider':
      return html`<p class="cs-divider"><span>${translate(block.text)}</span></p>`;
    case 'facts':
      return html`<dl class="cs-facts">${block.facts.map((fact) => html`<div><dt>${translate(fact.name)}</dt><dd>${fact.value}</dd></div>`)}</dl>`;
    case 'list':
      return html`${block.title && html`<h2>${translate(block.title)}</h2>`}<ul class="cs-list">${block.items.map((item) => html`<li>${translate(item)}</li>`)}</ul>`;
    case 'authenticatorSecret':
      return html`<figure class="cs-qr"><img src="${block.uri}" alt="${translate({ key: 'totp.picture' })}" width="200" height="200"><figcaption>${translate({ key: 'totp.secret' })} <code>${block.secret}</code></figcaption></figure>`;
    case 'items':
      return items(block, translate);
    case 'recoveryCodes':
      return html`<ul class="cs-codes">${block.codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>`;
    case 'passkey':
      return html`<div class="cs-passkey" data-ceremony="${block.ceremony}" data-options="${block.options}"${set({ 'data-conditional': block.conditional })}><input type="hidden" name="passkey"><p class="cs-notice cs-error" role="alert" hidden>${translate({ key: block.ceremony === 'create' ? 'registerPasskey.wrong' : 'passkey.wrong' })}</p>${!block.conditional && html`<noscript><p class="cs-notice cs-warning">${translate({ key: 'passkey.needsScript' })}</p></noscript>`}</div>`;
  }
}

function field(block: FieldBlock, translate: Translate): Html {
  const { name, type, value, autocomplete, hint, error } = block;
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const shared = {
    id: name,
    name,
    autocomplete,
    required: block.isRequired,
    readonly: block.isReadOnly,
    autofocus: block.hasFocus,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': described || undefined,
  };
  return html`<div class="cs-field">
<label for="${name}">${translate(block.label)}${!block.isRequired && html` <span class="cs-optional">${translate({ key: 'form.optional' })}</span>`}</label>
${hint && html`<p class="cs-hint" id="${name}-hint">${translate(hint)}</p>`}
${inputs[type]?.(block, shared, translate) ?? html`<input${set({ ...inputOf[type], ...shared, value })}>`}
${error && html`<p class="cs-field-error" id="${name}-error">${translate(error)}</p>`}
</div>`;
}

/** How each type of field becomes an input. */
const inputOf: Readonly<Record<FieldBlock['type'], Readonly<Record<string, string | number | boolean>>>> = {
  text: { type: 'text', maxlength: 256 },
  email: { type: 'email', maxlength: 254, spellcheck: 'false', autocapitalize: 'none' },
  password: { type: 'password', maxlength: 256 },
  tel: { type: 'tel', maxlength: 32 },
  code: { type: 'text', inputmode: 'numeric', maxlength: 32, spellcheck: 'false', class: 'cs-code' },
  date: { type: 'date' },
  lines: {},
  select: {},
  checkbox: { type: 'checkbox' },
};

/** What is more than an input. */
const inputs: Partial<Record<FieldBlock['type'], typeof select>> = {
  select,
  lines: ({ value }, shared) => html`<textarea${set({ ...shared, rows: 8, spellcheck: 'false' })}>${value}</textarea>`,
};

function select(
  block: FieldBlock,
  shared: Readonly<Record<string, string | boolean | undefined>>,
  translate: Translate,
) {
  const options: Child = (block.options ?? []).map(
    (option) =>
      html`<option${set({ value: option.value, selected: option.value === block.value })}>${translate(option.label)}</option>`,
  );
  return html`<select${set(shared)}><option value=""></option>${options}</select>`;
}

function checkbox({ name, label, value, isRequired, error }: FieldBlock, translate: Translate): Html {
  return html`<div class="cs-field cs-checkbox">
<input${set({ type: 'checkbox', id: name, name, value: 'true', checked: value === 'true', required: isRequired, 'aria-invalid': error ? 'true' : undefined, 'aria-describedby': error && `${name}-error` })}>
<label for="${name}">${translate(label)}</label>
${error && html`<p class="cs-field-error" id="${name}-error">${translate(error)}</p>`}
</div>`;
}

function items({ title, empty, items: all, actions }: ItemsBlock, translate: Translate): Html {
  const heading = translate(title);
  const rows = all.map(({ label, href, details, actions: own }) => {
    const name = translate(label);
    return html`<li><div><strong>${href === undefined ? name : html`<a href="${href}">${name}</a>`}</strong>${details.map((detail) => html`<small>${translate(detail)}</small>`)}</div>${itemActions(own, translate, name)}</li>`;
  });
  return html`<section class="cs-items"><h2>${heading}</h2>
${all.length > 0 ? html`<ul>${rows}</ul>` : empty && html`<p class="cs-hint">${translate(empty)}</p>`}
${itemActions(actions, translate, heading)}</section>`;
}

/** Buttons that say with their words alone what they do to which thing, for those who hear them without the others. */
function itemActions(actions: readonly ItemAction[], translate: Translate, thing: string): Html | false {
  if (actions.length === 0) return false;
  return html`<p class="cs-actions">${actions.map(
    ({ name, value, label, look }) =>
      html`<button type="submit" name="${name}" value="${value}" class="cs-button cs-small cs-${look}" formnovalidate>${translate(label)}<span class="cs-unseen">: ${thing}</span></button>`,
  )}</p>`;
}

function choice({ action, choices }: ChoiceBlock, translate: Translate): Html {
  return html`<ul class="cs-choices">${choices.map(
    ({ value, label, detail, icon }) =>
      html`<li><button type="submit" name="${action}" value="${value}" class="cs-choice" formnovalidate>${icon && html`<img src="${icon}" alt="" width="24" height="24">`}<span>${translate(label)}${detail && html`<small>${translate(detail)}</small>`}</span></button></li>`,
  )}</ul>`;
}
