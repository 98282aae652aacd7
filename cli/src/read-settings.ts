import { type CommandValues, UsageError } from './command.ts';

/**
 * The settings of a command line, each written `a.b=value`: the value as JSON where it is JSON, otherwise as text.
 * @throws UsageError
 */
export function readSettings(given: CommandValues[string]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const setting of [given ?? []].flat()) {
    const [, path, text] = /^([\w.]+)=(.*)$/s.exec(String(setting)) ?? [];
    if (path === undefined || text === undefined) throw new UsageError(`${setting} is no setting: write name=value.`);
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = settings;
    for (const name of names) {
      const inner = Object.hasOwn(place, name) ? place[name] : undefined;
      place = place[name] = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    }
    place[last] = readValue(text);
  }
  return settings;
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
