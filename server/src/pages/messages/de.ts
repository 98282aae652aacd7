import type { Messages } from './index.ts';

/** Deutsch. */
export const de: Messages = {
  'page.reference': 'Referenz: {reference}',
  'form.errors': 'Bitte korrigieren Sie:',
  'form.optional': '(freiwillig)',
  'totp.picture': 'QR-Code für Ihre Authenticator-App',
  'totp.secret': 'Oder geben Sie diesen Schlüssel ein:',
  'passkey.needsScript':
    'Passkeys brauchen JavaScript. Wählen Sie einen anderen Weg oder erlauben Sie JavaScript für diese Seite.',
};
