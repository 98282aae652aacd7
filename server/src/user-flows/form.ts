/** A sentence by the key under which the pages keep it in every language, with the values of its places. */
export interface Text {
  key: string;
  values?: Readonly<Record<string, string | number | Date>>;
}

/**
 * What a step shows, as data: the pages turn it into HTML. A form posts its fields and the pressed button's name, and
 * needs no JavaScript unless a block says so.
 */
export interface Form {
  title: Text;
  lead?: Text;
  blocks: Block[];
}

export type Block =
  | FieldBlock
  | { kind: 'notice'; tone: 'error' | 'warning' | 'success' | 'info'; text: Text }
  | ButtonBlock
  | ChoiceBlock
  | { kind: 'links'; links: Link[] }
  | { kind: 'divider'; text: Text }
  | { kind: 'facts'; facts: { name: Text; value: string }[] }
  | { kind: 'list'; title?: Text; items: Text[] }
  /** A secret for an authenticator app: as a picture and as text to type. */
  | { kind: 'authenticatorSecret'; uri: string; secret: string }
  | ItemsBlock
  | { kind: 'recoveryCodes'; codes: string[] }
  /** Asks the browser for a passkey. Needs JavaScript; without it the sentence says so. */
  | { kind: 'passkey'; ceremony: 'create' | 'get'; options: string; conditional: boolean };

export interface FieldBlock {
  kind: 'field';
  name: string;
  label: Text;
  /** `lines`: text of several lines. */
  type: 'text' | 'lines' | 'email' | 'password' | 'tel' | 'code' | 'date' | 'select' | 'checkbox';
  value?: string;
  /** Value of the `autocomplete` attribute (HTML 4.10.18.7), such as `username webauthn`. */
  autocomplete?: string;
  isRequired?: boolean;
  isReadOnly?: boolean;
  hint?: Text;
  error?: Text;
  options?: { value: string; label: Text }[];
  hasFocus?: boolean;
}

export interface ButtonBlock {
  kind: 'button';
  /** Sent as `action`. */
  action: string;
  label: Text;
  look: 'primary' | 'secondary' | 'danger' | 'plain';
  /** Sends the form although required fields are empty. */
  skipsChecks?: boolean;
  /** Hidden until a script shows it. */
  needsScript?: boolean;
}

/** A list of large buttons, of which one is pressed: providers, second factors. */
export interface ChoiceBlock {
  kind: 'choice';
  action: string;
  choices: { value: string; label: Text; detail?: Text; icon?: string }[];
}

/** A part of a page with a title: things, each with what can be done to it. */
export interface ItemsBlock {
  kind: 'items';
  title: Text;
  /** Said in place of items when there are none. */
  empty?: Text;
  /** `href` makes the label a link. */
  items: { label: Text; href?: string; details: Text[]; actions: ItemAction[] }[];
  actions: ItemAction[];
}

/** A button of an item. Its description tells it from the buttons of the others. */
export interface ItemAction {
  name: string;
  value: string;
  label: Text;
  look: ButtonBlock['look'];
}

export interface Link {
  href: string;
  label: Text;
}

/** Names of the fields with an error, for the summary above the form. */
export function fieldErrors({ blocks }: Form): { name: string; error: Text }[] {
  return blocks.flatMap((block) =>
    block.kind === 'field' && block.error ? [{ name: block.name, error: block.error }] : [],
  );
}
