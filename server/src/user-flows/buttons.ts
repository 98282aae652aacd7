import type { ButtonBlock } from './form.ts';

/** The button of a page's main action. Pressing Enter in a field presses it, so it comes first. */
export function submitButton(key: string, action = 'submit'): ButtonBlock {
  return { kind: 'button', action, label: { key }, look: 'primary' };
}

/** A button that leads elsewhere, although required fields are empty. */
export function sideButton(key: string, action: string): ButtonBlock {
  return { kind: 'button', action, label: { key }, look: 'plain', skipsChecks: true };
}

/** Asks for a passkey; shown by the script without which it could do nothing. */
export function passkeyButton(key: string, look: ButtonBlock['look']): ButtonBlock {
  return { kind: 'button', action: 'passkey', label: { key }, look, skipsChecks: true, needsScript: true };
}

/** Every page offers to give up; the dispatcher answers it for all steps. */
export const cancelButton: ButtonBlock = sideButton('form.cancel', 'cancel');
