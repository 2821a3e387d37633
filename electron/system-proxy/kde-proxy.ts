import type { Command, ProxySystem, Run } from './proxy-system.ts';
import { changedKeys, outputOf } from './proxy-system.ts';

const GROUP = 'Proxy Settings';
const TYPE = 'ProxyType';
const SCRIPT = 'Proxy Config Script';
/** KProtocolManager's ProxyType: 0 none, 1 by hand, 2 a script, 3 discovery, 4 environment. */
const AUTOMATIC = '2';
const WHERE = ['--file', 'kioslaverc', '--group', GROUP];
/** Has running KDE programs read the file again; where there are none, nobody hears it. */
const REREAD: Command = {
  command: 'dbus-send',
  args: ['--type=signal', '/KIO/Scheduler', 'org.kde.KIO.Scheduler.reparseSlaveConfiguration', 'string:'],
  optional: true,
};

/** KDE Plasma of the given generation: its file kioslaverc, through its own programs. */
export function kdeProxy(generation: 5 | 6): ProxySystem {
  const reader = `kreadconfig${generation}`;
  const writer = `kwriteconfig${generation}`;
  const value = async (run: Run, key: string): Promise<string | null> => {
    const text = (await outputOf(run, { command: reader, args: [...WHERE, '--key', key] })).replace(/\n$/, '');
    return text === '' ? null : text;
  };
  return {
    name: 'kde',
    label: "KDE's settings",
    address: SCRIPT,
    async read(run) {
      return { [GROUP]: { [TYPE]: await value(run, TYPE), [SCRIPT]: await value(run, SCRIPT) } };
    },
    async manualProxy(run) {
      if ((await value(run, TYPE)) !== '1') return undefined;
      // "http://host port", of which the port may also follow a colon.
      const match = /^(?:http:\/\/)?([^\s/]+?)[\s:]+(\d+)\/?$/.exec((await value(run, 'httpProxy')) ?? '');
      return match === null ? undefined : `${match[1] ?? ''}:${match[2] ?? ''}`;
    },
    withScript: (_state, url) => ({ [GROUP]: { [TYPE]: AUTOMATIC, [SCRIPT]: url } }),
    uses: (state, url) => state[GROUP]?.[TYPE] === AUTOMATIC && state[GROUP][SCRIPT] === url,
    write(from, to) {
      const group = to[GROUP] ?? {};
      const changes = changedKeys(from[GROUP], group);
      if (group[TYPE] === AUTOMATIC) changes.reverse();
      const commands = changes.map(([key, text]) => {
        const what = text === null ? ['--delete'] : [text];
        return { command: writer, args: [...WHERE, '--key', key, ...what] };
      });
      return [...commands, REREAD];
    },
  };
}
