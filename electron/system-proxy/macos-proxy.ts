import type { Command, ProxyGroup, ProxySystem, Run } from './proxy-system.ts';
import { changedKeys, outputOf } from './proxy-system.ts';

const SCRIPT = 'url';
const ENABLED = 'enabled';

/** macOS: the script of each network service, whose names are the groups. */
export const macosProxy: ProxySystem = {
  name: 'macos',
  label: "macOS's network settings",
  address: SCRIPT,
  async read(run) {
    const state: Record<string, ProxyGroup> = {};
    for (const service of await services(run)) {
      const fields = fieldsOf(await outputOf(run, networksetup('-getautoproxyurl', service)));
      const url = fields.get('URL') ?? '(null)';
      state[service] = { [SCRIPT]: url === '(null)' ? null : url, [ENABLED]: fields.get('Enabled') ?? 'No' };
    }
    return state;
  },
  async manualProxy(run) {
    for (const service of await services(run)) {
      const fields = fieldsOf(await outputOf(run, networksetup('-getwebproxy', service)));
      const server = fields.get('Server') ?? '';
      if (fields.get('Enabled') === 'Yes' && server !== '') return `${server}:${fields.get('Port') ?? '80'}`;
    }
    return undefined;
  },
  withScript: (state, url) =>
    Object.fromEntries(Object.keys(state).map((service) => [service, { [SCRIPT]: url, [ENABLED]: 'Yes' }])),
  uses: (state, url) => Object.values(state).some((group) => group[SCRIPT] === url && group[ENABLED] === 'Yes'),
  write: (from, to) => Object.entries(to).flatMap(([service, group]) => writeService(service, from[service], group)),
};

function writeService(service: string, from: ProxyGroup | undefined, to: ProxyGroup): Command[] {
  const changes = new Map(changedKeys(from, to));
  const url = changes.get(SCRIPT) ?? undefined;
  const commands: Command[] = [];
  // An address is never taken away, only switched off; setting one switches it on.
  if (url !== undefined) commands.push(networksetup('-setautoproxyurl', service, url));
  const enabled = url === undefined ? from?.[ENABLED] : 'Yes';
  if (enabled !== to[ENABLED])
    commands.push(networksetup('-setautoproxystate', service, to[ENABLED] === 'Yes' ? 'on' : 'off'));
  return commands;
}

/** Network services in use; those that are switched off have an asterisk. The first line is a remark about that. */
async function services(run: Run): Promise<string[]> {
  const lines = (await outputOf(run, networksetup('-listallnetworkservices'))).split('\n').slice(1);
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('*'));
}

function networksetup(...args: string[]): Command {
  return { command: 'networksetup', args };
}

function fieldsOf(output: string): Map<string, string> {
  return new Map([...output.matchAll(/^(\w+): (.*)$/gm)].map(([, name = '', text = '']) => [name, text.trim()]));
}
