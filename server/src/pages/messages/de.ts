import type { Messages } from './index.ts';

/** Deutsch. */
export const de: Messages = {
  'page.reference': 'Referenz: {reference}',
  text: '{text}',
  'continue.title': 'Einen Moment',
  'continue.link': 'Weiter',
  'refused.title': 'Das hat nicht geklappt',
  'refused.sign-in.not_found':
    'Diese Anmeldung ist beendet oder wurde in einem anderen Browser begonnen. Gehen Sie zurück zur Anwendung und melden Sie sich noch einmal an.',
  'refused.sign-in.form_not_ours':
    'Dieses Formular stammt nicht von unserer Seite. Gehen Sie zurück, laden Sie die Seite neu und füllen Sie sie aus.',
  'refused.endpoints.form_too_large': 'Was gesendet wurde, ist zu lang.',
  'form.busy': 'Im Moment melden sich viele Leute an. Bitte versuchen Sie es gleich noch einmal.',
  'form.cancel': 'Abbrechen',
  'field.missing': 'Bitte ausfüllen.',
  'account.title': 'Konto auswählen',
  'account.lead': 'weiter zu {application}',
  'account.other': 'Anderes Konto verwenden',
  'password.title': 'Anmelden',
  'password.lead': 'weiter zu {application}',
  'password.name.emailAddress': 'E-Mail-Adresse',
  'password.name.userName': 'Benutzername',
  'password.name.userPrincipalName': 'Benutzername',
  'password.name.any': 'E-Mail-Adresse oder Benutzername',
  'password.password': 'Passwort',
  'password.stay': 'Auf diesem Gerät angemeldet bleiben',
  'password.submit': 'Anmelden',
  'password.passwordReset': 'Passwort vergessen?',
  'password.signUp': 'Noch kein Konto? Registrieren',
  'password.wrong':
    'Mit diesem Namen und Passwort können wir Sie nicht anmelden. Prüfen Sie beides; nach mehreren Fehlversuchen warten Sie ein paar Minuten.',
  'form.errors': 'Bitte korrigieren Sie:',
  'form.optional': '(freiwillig)',
  'totp.picture': 'QR-Code für Ihre Authenticator-App',
  'totp.secret': 'Oder geben Sie diesen Schlüssel ein:',
  'passkey.needsScript':
    'Passkeys brauchen JavaScript. Wählen Sie einen anderen Weg oder erlauben Sie JavaScript für diese Seite.',
};
