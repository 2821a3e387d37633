/** The proxy as programs are told of it by variables. */
export interface ClientProxy {
  /** `http://host:port`, which clients on this machine reach. */
  readonly url: string;
  /** The authority's certificate alone, PEM. */
  readonly authority: string;
  /** That certificate and all that the system trusts, PEM: for programs that trust one file and nothing else. */
  readonly bundle: string;
  /** The same as a Java key store. */
  readonly javaStore: string;
  /** Hosts that are reached without the proxy. */
  readonly noProxy: readonly string[];
}

/** The password of Java's own key store; it protects nothing, and Java wants one. */
export const JAVA_STORE_PASSWORD = 'changeit';

/**
 * The variables by which programs use the proxy and trust its authority.
 * @param before the environment that they are added to.
 */
export function clientEnvironment(
  { url, authority, bundle, javaStore, noProxy }: ClientProxy,
  before: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const list = noProxy.join(',');
  const proxy = Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [
      // curl reads HTTP_PROXY in small letters only, others in capitals only.
      [name, url],
      [name.toLowerCase(), url],
    ]),
  );
  return {
    ...proxy,
    // Also when it is empty: what was there may leave out just what is to be seen.
    NO_PROXY: list,
    no_proxy: list,
    // Node: fetch and http from 24 on; trust is added.
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: authority,
    DENO_CERT: authority,
    // Programs that trust this file instead of what they trusted: OpenSSL (Python, Ruby, PHP), Go, Rust.
    SSL_CERT_FILE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
    PIP_CERT: bundle,
    AWS_CA_BUNDLE: bundle,
    GIT_SSL_CAINFO: bundle,
    CARGO_HTTP_CAINFO: bundle,
    CARGO_HTTP_PROXY: url,
    PERL_LWP_SSL_CA_FILE: bundle,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: bundle,
    npm_config_proxy: url,
    npm_config_https_proxy: url,
    npm_config_noproxy: list,
    npm_config_cafile: bundle,
    JAVA_TOOL_OPTIONS: [before['JAVA_TOOL_OPTIONS'], ...javaOptions(url, javaStore, noProxy)].filter(Boolean).join(' '),
  };
}

function javaOptions(url: string, store: string, noProxy: readonly string[]): string[] {
  const { hostname, port } = new URL(url);
  const address = ['http', 'https'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=${hostname}`,
    `-D${scheme}.proxyPort=${port === '' ? '80' : port}`,
  ]);
  return [
    ...address,
    // Unset, Java leaves out loopback.
    `-Dhttp.nonProxyHosts=${noProxy.join('|')}`,
    // JAVA_TOOL_OPTIONS takes quotes around a part of a word.
    `-Djavax.net.ssl.trustStore="${store}"`,
    `-Djavax.net.ssl.trustStorePassword=${JAVA_STORE_PASSWORD}`,
  ];
}

/** Shells whose words for setting variables are known. */
export const SHELLS = ['sh', 'bash', 'zsh', 'fish', 'powershell', 'cmd'] as const;
export type Shell = (typeof SHELLS)[number];

/** Variables as lines that a shell can be given. */
export function shellLines(variables: Readonly<Record<string, string>>, shell: Shell): string[] {
  return Object.entries(variables).map(([name, value]) => {
    switch (shell) {
      case 'sh':
      case 'bash':
      case 'zsh':
        return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
      case 'fish':
        return `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
      case 'powershell':
        return `$env:${name} = '${value.replaceAll("'", "''")}'`;
      case 'cmd':
        return `set "${name}=${value}"`;
    }
  });
}
