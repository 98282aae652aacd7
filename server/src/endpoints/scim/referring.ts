import { ScimError } from '@countersign/scim';
import { Refusal } from '../../refusal.ts';

/**
 * Does what refers to another resource. That one missing is a fault of the value, not of the address: a client that reads
 * 404 takes the resource itself for gone.
 *
 * @throws ScimError `invalidValue`
 */
export async function referring<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'directory.object_not_found') {
      throw new ScimError('invalidValue', `There is no resource ${error.details['id']} that could be ${what}.`, {
        cause: error,
      });
    }
    throw error;
  }
}
