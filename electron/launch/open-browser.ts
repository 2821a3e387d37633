import { X509Certificate, createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../system-proxy/run-command.ts';
import { browserArguments, firefoxPreferences, firefoxVariables } from './browser-profile.ts';
import type { InstalledBrowser } from './browsers.ts';

/** The proxy that a browser is to use. */
export interface BrowserProxy {
  /** `http://host:port` */
  readonly url: string;
  /** The authority's certificate: PEM, and where it lies. */
  readonly certificate: string;
  readonly certificateFile: string;
}

/** An isolated browser that runs. */
export interface OpenBrowser {
  readonly child: ChildProcess;
  /** Resolves with its exit code when it has ended and its profile is removed. */
  readonly ended: Promise<number>;
}

/**
 * Opens `url` in a browser with a profile of its own, which uses the proxy, trusts its authority, and is removed afterwards.
 * Nothing of the system or of other profiles is touched. Rejects when the browser cannot be started.
 */
export async function openBrowser(
  browser: InstalledBrowser,
  proxy: BrowserProxy,
  url: string,
  more: readonly string[] = [],
): Promise<OpenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), `hopscope-${browser.id}-`));
  try {
    const trusted = browser.family !== 'firefox' || (await prepareFirefox(profile, proxy));
    const args = browserArguments(browser, {
      ...{ proxy: proxy.url, spki: spkiOf(proxy.certificate), profile, root: process.getuid?.() === 0 },
      // Without certutil only the system's trust counts; the page has the certificate and says what to do with it.
      url: trusted ? url : 'http://hopscope.local/',
    });
    const env = { ...process.env, ...(browser.family === 'firefox' ? firefoxVariables : {}) };
    const child = spawn(browser.program, [...more, ...args], { stdio: 'ignore', env });
    await once(child, 'spawn');
    const ended = once(child, 'exit').then(async ([code]) => {
      await remove(profile);
      return (code as number | null) ?? 1;
    });
    return { child, ended };
  } catch (error) {
    await remove(profile);
    throw error;
  }
}

/** What names a public key to Chromium: the SHA-256 of its SubjectPublicKeyInfo, in base64. */
export function spkiOf(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/** Writes Firefox's profile; says whether the authority could be put into its own store of certificates. */
async function prepareFirefox(profile: string, { url, certificateFile }: BrowserProxy): Promise<boolean> {
  await writeFile(join(profile, 'user.js'), firefoxPreferences({ proxy: url }));
  const database = `sql:${profile}`;
  try {
    const made = await runCommand({ command: 'certutil', args: ['-d', database, '-N', '--empty-password'] });
    const args = ['-d', database, '-A', '-t', 'C,,', '-n', 'Hopscope', '-i', certificateFile];
    return made.code === 0 && (await runCommand({ command: 'certutil', args })).code === 0;
  } catch {
    // NSS's tools are seldom installed, and Windows has a certutil of another kind.
    return false;
  }
}

/** A browser's other processes may write to the profile for a moment after it has ended. */
function remove(profile: string): Promise<void> {
  return rm(profile, { recursive: true, force: true, maxRetries: 10 });
}
