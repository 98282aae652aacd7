/** English, which is also the type of the keys. `{name}` is the place of a value. */
export const en = {
  'page.reference': 'Reference: {reference}',
  'form.errors': 'Please correct this:',
  'form.optional': '(optional)',
  'totp.picture': 'QR code for your authenticator app',
  'totp.secret': 'Or type this key:',
  'passkey.needsScript': 'Passkeys need JavaScript. Choose another way, or allow JavaScript for this page.',
} as const;
