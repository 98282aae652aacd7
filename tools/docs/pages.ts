import {
  buildOpenApi,
  buildReferencePage,
  operations,
  resourceManagerOperations,
} from '../../management-api/src/index.ts';
import { version } from '../../server/src/main/version.ts';
import { commandLinePage } from './command-line-page.ts';
import { errorsPage } from './errors-page.ts';
import { exitCodesPage } from './exit-codes-page.ts';
import { settingsPage } from './settings-page.ts';

/** A page of docs/reference that is made from the code. */
interface ReferencePage {
  /** Its name in docs/reference. */
  file: string;
  build(): string | Promise<string>;
}

/** Every generated page. To add one, add a row. */
export const referencePages: readonly ReferencePage[] = [
  { file: 'settings.md', build: settingsPage },
  { file: 'errors.md', build: errorsPage },
  { file: 'exit-codes.md', build: exitCodesPage },
  { file: 'command-line.md', build: commandLinePage },
  { file: 'management-api.md', build: () => buildReferencePage(operations, resourceManagerOperations) },
  { file: 'openapi.json', build: () => `${JSON.stringify(buildOpenApi(operations, version), undefined, 2)}\n` },
];
