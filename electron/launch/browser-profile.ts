import type { InstalledBrowser } from './browsers.ts';

/** What a browser is started for. */
export interface BrowserStart {
  /** `http://host:port` */
  readonly proxy: string;
  /** SHA-256 of the authority's public key (SPKI), base64. */
  readonly spki: string;
  /** A directory for its profile, which no other run has used. */
  readonly profile: string;
  /** The page to open. */
  readonly url: string;
  /** Whether this is root, for whom Chromium has no sandbox. */
  readonly root: boolean;
}

/** The arguments that start a browser on a profile of its own, with the proxy and its authority trusted. */
export function browserArguments({ family }: Pick<InstalledBrowser, 'family'>, start: BrowserStart): string[] {
  const { proxy, spki, profile, url, root } = start;
  if (family === 'firefox') return ['-no-remote', '-profile', profile, url];
  return [
    `--user-data-dir=${profile}`,
    `--proxy-server=${proxy}`,
    // Loopback is where developers' servers are; Chromium leaves it out unless told so.
    '--proxy-bypass-list=<-loopback>',
    // Trusts chains with this key in them, and nothing else that it would not trust anyway.
    `--ignore-certificate-errors-spki-list=${spki}`,
    // What the browser does for itself is not what one wants to look at.
    ...['--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-sync'],
    ...['--disable-component-update', '--disable-default-apps', '--disable-quic'],
    '--disable-features=OptimizationHints,MediaRouter,Translate',
    ...(root ? ['--no-sandbox'] : []),
    url,
  ];
}

/** Variables of a Firefox's environment: only with this one does a release take another server of settings than Mozilla's. */
export const firefoxVariables: Readonly<Record<string, string>> = { MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' };

/** Firefox's settings for the profile, as the text of its user.js. */
export function firefoxPreferences({ proxy }: Pick<BrowserStart, 'proxy'>): string {
  const { hostname, port } = new URL(proxy);
  const number = Number(port === '' ? 80 : port);
  const preferences: Readonly<Record<string, string | number | boolean>> = {
    'network.proxy.type': 1,
    'network.proxy.http': hostname,
    'network.proxy.http_port': number,
    'network.proxy.ssl': hostname,
    'network.proxy.ssl_port': number,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
    // HTTP/3 goes past every proxy, and the rest is what the browser does for itself: in the list that is noise.
    'network.http.http3.enable': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.homepage_override.mstone': 'ignore',
    'browser.aboutwelcome.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
    'browser.safebrowsing.blockedURIs.enabled': false,
    'browser.safebrowsing.downloads.enabled': false,
    'browser.safebrowsing.downloads.remote.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'datareporting.healthreport.uploadEnabled': false,
    'datareporting.usage.uploadEnabled': false,
    'toolkit.telemetry.enabled': false,
    'toolkit.telemetry.unified': false,
    'toolkit.telemetry.server': '',
    // Not even that nothing is to be reported is reported.
    'telemetry.fog.test.localhost_port': -1,
    // No server at all; see firefoxVariables.
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'security.remote_settings.intermediates.enabled': false,
    'security.remote_settings.crlite_filters.enabled': false,
    'browser.region.network.url': '',
    'geo.provider.network.url': '',
    'browser.discovery.enabled': false,
    'browser.search.update': false,
    'browser.urlbar.merino.endpointURL': '',
    'doh-rollout.disable-heuristics': true,
    'browser.newtabpage.enabled': false,
    'browser.newtab.preload': false,
    'browser.topsites.contile.enabled': false,
    'dom.push.connection.enabled': false,
    'media.gmp-manager.updateEnabled': false,
    'media.gmp-manager.url': '',
    'extensions.systemAddon.update.enabled': false,
    'extensions.update.enabled': false,
    'app.update.enabled': false,
    'app.normandy.enabled': false,
    'extensions.getAddons.cache.enabled': false,
    // What the system trusts counts here, too: where the authority is installed, nothing more is needed.
    'security.enterprise_roots.enabled': true,
  };
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}
