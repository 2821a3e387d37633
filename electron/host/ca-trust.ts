/** A program to run, with its exact arguments. */
export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether nothing is lost when it fails, as when there is nothing to remove. */
  readonly optional?: true;
}

/** The systems whose trust stores we know. */
export type TrustPlatform = 'linux' | 'darwin' | 'win32';
export const TRUST_PLATFORMS: readonly TrustPlatform[] = ['linux', 'darwin', 'win32'];

/** `system` is what most programs ask, `nss` is Chromium's own store on Linux. */
export type TrustStore = 'system' | 'nss';

/** What the commands are made for. */
export interface TrustTarget {
  readonly platform: TrustPlatform;
  readonly stores: readonly TrustStore[];
  /** The certificate's file, PEM. */
  readonly file: string;
  /** The authority's name: what it is found by again. */
  readonly name: string;
  /** SHA-1 of the certificate in hex: what macOS and Windows find it by again. */
  readonly sha1: string;
  readonly home: string;
  /** Directory of the NSS database. */
  readonly nssDir: string;
  /** Whether the NSS database is there already. */
  readonly nssThere: boolean;
  /** How Linux keeps its certificates: as Debian does, or as Fedora. */
  readonly layout: 'debian' | 'fedora';
  /** Whether we have root's rights, so that `sudo` is not needed. */
  readonly root: boolean;
}

const LINUX_STORES = {
  debian: {
    file: '/usr/local/share/ca-certificates/hopscope-ca.crt',
    add: ['update-ca-certificates'],
    remove: ['update-ca-certificates', '--fresh'],
  },
  fedora: {
    file: '/etc/pki/ca-trust/source/anchors/hopscope-ca.pem',
    add: ['update-ca-trust', 'extract'],
    remove: ['update-ca-trust', 'extract'],
  },
} as const;

/** The commands that have the authority trusted, in order. */
export function installSteps(target: TrustTarget): Step[] {
  const { platform, file, home, stores } = target;
  if (platform === 'darwin') {
    return [{ command: 'security', args: ['add-trusted-cert', '-r', 'trustRoot', '-k', keychain(home), file] }];
  }
  if (platform === 'win32') return [{ command: 'certutil', args: ['-user', '-f', '-addstore', 'Root', file] }];
  return stores.flatMap((store) => (store === 'system' ? installLinux(target) : installNss(target)));
}

/** The commands that end the trust again, in order. */
export function uninstallSteps(target: TrustTarget): Step[] {
  const { platform, sha1, home, stores } = target;
  if (platform === 'darwin') {
    return [{ command: 'security', args: ['delete-certificate', '-Z', sha1, '-t', keychain(home)] }];
  }
  if (platform === 'win32') return [{ command: 'certutil', args: ['-user', '-delstore', 'Root', sha1] }];
  return stores.flatMap((store) => (store === 'system' ? uninstallLinux(target) : uninstallNss(target)));
}

function installLinux({ file, layout, root }: TrustTarget): Step[] {
  const { file: installed, add } = LINUX_STORES[layout];
  return [asRoot(root, ['install', '-m', '0644', file, installed]), asRoot(root, add)];
}

function uninstallLinux({ layout, root }: TrustTarget): Step[] {
  const { file: installed, remove } = LINUX_STORES[layout];
  return [asRoot(root, ['rm', '-f', installed]), asRoot(root, remove)];
}

function installNss({ file, name, nssDir, nssThere }: TrustTarget): Step[] {
  const database = `sql:${nssDir}`;
  const make: Step[] = [
    { command: 'mkdir', args: ['-p', nssDir] },
    { command: 'certutil', args: ['-d', database, '-N', '--empty-password'] },
  ];
  const add: Step = { command: 'certutil', args: ['-d', database, '-A', '-t', 'C,,', '-n', name, '-i', file] };
  return nssThere ? [add] : [...make, add];
}

function uninstallNss({ name, nssDir, nssThere }: TrustTarget): Step[] {
  if (!nssThere) return [];
  return [{ command: 'certutil', args: ['-d', `sql:${nssDir}`, '-D', '-n', name], optional: true }];
}

function asRoot(root: boolean, words: readonly string[]): Step {
  const [command, ...args] = root ? words : ['sudo', ...words];
  return { command: command as string, args };
}

function keychain(home: string): string {
  return `${home}/Library/Keychains/login.keychain-db`;
}

/** A step as it can be pasted into a shell of its platform. */
export function formatStep({ command, args }: Step, platform: TrustPlatform): string {
  return [command, ...args].map((word) => (platform === 'win32' ? quoteForCmd(word) : quoteForShell(word))).join(' ');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function quoteForCmd(word: string): string {
  return /^[\w+=:,./\\-]+$/.test(word) ? word : `"${word}"`;
}
