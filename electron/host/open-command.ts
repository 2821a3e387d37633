import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Argument, InvalidArgumentError } from 'commander';
import { BROWSER_IDS } from '../launch/browsers.ts';
import type { BrowserId } from '../launch/browsers.ts';
import { installedBrowsers } from '../launch/launcher.ts';
import { openBrowser } from '../launch/open-browser.ts';
import type { EngineFlags } from './engine-flags.ts';
import { addEngineFlags, engineOptions } from './engine-flags.ts';
import { withProxy } from './with-proxy.ts';

/** What is shown when nothing else was asked for: a site that exists wherever the proxy is used. */
const START_PAGE = 'http://hopscope.local/';

/** Adds `hopscope open`: a browser with a profile of its own that uses the proxy and trusts it, until it is closed. */
export function addOpenCommand(program: Command): void {
  const open = program
    .command('open')
    .description('open a browser that uses the proxy and trusts it, with a fresh profile that is removed afterwards')
    .addArgument(new Argument('<browser>', 'which').choices(BROWSER_IDS))
    .argument('[url]', 'the page to open', page, START_PAGE)
    .option('--browser-flag <flag...>', 'a further argument for the browser, as in --browser-flag=--headless');
  addEngineFlags(open).action(
    (id: BrowserId, url: string, flags: EngineFlags & { browserFlag?: readonly string[] }, command: Command) =>
      withProxy(engineOptions(flags, command), async (facts) => {
        const browser = installedBrowsers().find((one) => one.id === id);
        if (browser === undefined) throw new Error(`there is no ${id} on this machine`);
        const certificate = await readFile(facts.certificate, 'utf8');
        const proxy = { url: facts.url, certificate, certificateFile: facts.certificate };
        const { child, ended } = await openBrowser(browser, proxy, url, flags.browserFlag);
        // Whoever ends this command ends the browser with it, and the profile is removed.
        const end = (): void => void child.kill();
        process.once('SIGINT', end).once('SIGTERM', end).once('SIGHUP', end);
        process.exitCode = await ended;
      }),
  );
}

function page(text: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw new InvalidArgumentError('A page is an http or https URL.');
}
