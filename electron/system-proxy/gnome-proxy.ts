import type { Command, ProxySystem, Run } from './proxy-system.ts';
import { changedKeys, outputOf } from './proxy-system.ts';

const SCHEMA = 'org.gnome.system.proxy';
const GROUP = 'proxy';
const KEYS = ['mode', 'autoconfig-url'] as const;
const AUTOMATIC = "'auto'";

function get(schema: string, key: string): Command {
  return { command: 'gsettings', args: ['get', schema, key] };
}

/** GNOME and the desktops that share its settings. Values are GVariant text, as gsettings prints and takes it. */
export const gnomeProxy: ProxySystem = {
  name: 'gnome',
  label: "the desktop's settings (gsettings)",
  address: 'autoconfig-url',
  async read(run) {
    const values: Record<string, string> = {};
    for (const key of KEYS) values[key] = (await outputOf(run, get(SCHEMA, key))).trim();
    return { [GROUP]: values };
  },
  async manualProxy(run) {
    if ((await outputOf(run, get(SCHEMA, 'mode'))).trim() !== "'manual'") return undefined;
    const host = unquoted(await value(run, 'host'));
    const port = await value(run, 'port');
    return host === '' || port === '0' ? undefined : `${host}:${port}`;
  },
  withScript: (_state, url) => ({ [GROUP]: { mode: AUTOMATIC, 'autoconfig-url': quoted(url) } }),
  uses: (state, url) => state[GROUP]?.['mode'] === AUTOMATIC && state[GROUP]['autoconfig-url'] === quoted(url),
  write(from, to) {
    const group = to[GROUP] ?? {};
    const changes = changedKeys(from[GROUP], group);
    // The address first when scripts are to be used, the mode first when not.
    if (group['mode'] === AUTOMATIC) changes.reverse();
    return changes.map(([key, text]) => ({ command: 'gsettings', args: ['set', SCHEMA, key, text ?? "''"] }));
  },
};

async function value(run: Run, key: string): Promise<string> {
  return (await outputOf(run, get(`${SCHEMA}.http`, key))).trim();
}

function quoted(text: string): string {
  return `'${text}'`;
}

function unquoted(text: string): string {
  return text.replace(/^'(.*)'$/, '$1');
}
