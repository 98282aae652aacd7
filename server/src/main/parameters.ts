import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.ts';

/**
 * Takes the parameters of a command apart: its options, and exactly the named things that stand without an option.
 *
 * @throws UsageError that says what is wrong
 */
export function readParameters<Options extends ParseArgsOptionsConfig>(
  parameters: readonly string[],
  options: Options,
  names: readonly string[] = [],
) {
  const { values, positionals } = parse(parameters, options);
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`The command needs a ${missing}.`);
  const tooMuch = positionals[names.length];
  if (tooMuch !== undefined) throw new UsageError(`The command knows nothing to do with ${tooMuch}.`);
  return { values, positionals };
}

function parse<Options extends ParseArgsOptionsConfig>(parameters: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...parameters], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`);
  }
}
