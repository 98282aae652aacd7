import { fold } from './fold.ts';

/** The list, once it was needed: about 50,000 passwords, which take some megabytes of memory. */
let list: Promise<ReadonlySet<string>> | undefined;

/** Whether the password is on the list of those that are used most, without regard to case. */
export async function isCommonPassword(password: string): Promise<boolean> {
  list ??= load();
  return (await list).has(fold(password));
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => fold(String(password))));
}
