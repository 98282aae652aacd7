import { type Html, html } from './html.ts';
import { csrfField, layout, type PageFrame } from './layout.ts';

/** Asks who receives the money. */
export function beneficiaryPage(frame: PageFrame, name: string, problem?: string): Html {
  return layout(
    frame,
    'Change beneficiary',
    html`<h1>Change beneficiary</h1>
<form method="post" action="/policy/beneficiary" class="form">
${csrfField(frame)}
<label for="name">Who should receive the money?</label>
<p class="hint" id="name-hint">First name and surname.</p>
<input id="name" name="name" value="${name}" maxlength="100" required autocomplete="off" aria-describedby="name-hint${problem !== undefined && ' name-problem'}"${problem !== undefined && html` aria-invalid="true"`}>
${problem !== undefined && html`<p class="problem" id="name-problem" role="alert">${problem}</p>`}
<p class="actions"><button class="button">Save</button> <a href="/policy">Cancel</a></p>
</form>`,
  );
}
