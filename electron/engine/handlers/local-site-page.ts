import type { AuthorityFacts } from '../tls/authority-formats.ts';

interface Recipe {
  readonly title: string;
  /** HTML of our own; nothing from outside gets into it. */
  readonly steps: readonly string[];
}

const RECIPES: readonly Recipe[] = [
  {
    title: 'Linux',
    steps: [
      'On the machine that runs Hopscope: <code>hopscope ca install</code> (see what it would do with <code>--print</code>).',
      'By hand on Debian and Ubuntu: copy the PEM file to <code>/usr/local/share/ca-certificates/hopscope-ca.crt</code> and run <code>sudo update-ca-certificates</code>. On Fedora: to <code>/etc/pki/ca-trust/source/anchors/</code>, then <code>sudo update-ca-trust</code>.',
    ],
  },
  {
    title: 'macOS',
    steps: [
      '<code>hopscope ca install</code>, or open the profile above and allow it under System Settings, Privacy &amp; Security, Profiles.',
      'By hand: <code>security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db hopscope-ca.pem</code>',
    ],
  },
  {
    title: 'Windows',
    steps: [
      '<code>hopscope ca install</code>, or open the DER file and install it into <em>Trusted Root Certification Authorities</em>.',
      'By hand: <code>certutil -user -addstore Root hopscope-ca.cer</code>',
    ],
  },
  {
    title: 'iOS and iPadOS',
    steps: [
      'Open the profile above in Safari and allow the download, then install it under Settings, General, VPN &amp; Device Management.',
      'Switch it on under Settings, General, About, Certificate Trust Settings. Without this second step nothing trusts it.',
    ],
  },
  {
    title: 'Android',
    steps: [
      'Download the DER file, then Settings, Security, More security settings, Encryption &amp; credentials, Install a certificate, CA certificate.',
      'Browsers trust it then. Apps do only if they are built to trust user certificates (<code>networkSecurityConfig</code>), as debug builds may be.',
    ],
  },
  {
    title: 'Chromium and Chrome on Linux',
    steps: [
      '<code>certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Hopscope -i hopscope-ca.pem</code> (from <code>libnss3-tools</code>); <code>hopscope ca install</code> does it too. Elsewhere they use the system’s store.',
    ],
  },
  {
    title: 'Firefox',
    steps: [
      'Settings, Privacy &amp; Security, Certificates, View Certificates, Authorities, Import: choose the PEM file, trust it to identify websites.',
      'Or set <code>security.enterprise_roots.enabled</code> in <code>about:config</code> to use the system’s store.',
    ],
  },
  {
    title: 'curl',
    steps: ['<code>curl --cacert hopscope-ca.pem …</code> or <code>CURL_CA_BUNDLE=hopscope-ca.pem</code>'],
  },
  { title: 'Node.js', steps: ['<code>NODE_EXTRA_CA_CERTS=hopscope-ca.pem node …</code>'] },
  {
    title: 'Python',
    steps: [
      '<code>SSL_CERT_FILE=hopscope-ca.pem</code> for the standard library, <code>REQUESTS_CA_BUNDLE=hopscope-ca.pem</code> for requests.',
    ],
  },
  {
    title: 'git',
    steps: ['<code>git -c http.sslCAInfo=hopscope-ca.pem …</code> or <code>GIT_SSL_CAINFO=hopscope-ca.pem</code>'],
  },
  {
    title: 'Java',
    steps: [
      '<code>keytool -importcert -cacerts -storepass changeit -noprompt -alias hopscope -file hopscope-ca.pem</code>',
    ],
  },
];

/** The page at `http://hopscope.local/`: what to download, and how to have it trusted. */
export function certificatePage({ name, sha256, validTo }: AuthorityFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hopscope’s certificate</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>This client’s traffic goes through Hopscope.</h1>
<p>To let Hopscope look into HTTPS, this device has to trust its certificate authority. It was made on the machine that
runs Hopscope and exists nowhere else. Whoever has its key can read what this device sends: trust it only on
devices that you test with, and remove it when you are done.</p>
<nav>
<a href="/hopscope-ca.pem">Certificate <small>PEM: Linux, Firefox, tools</small></a>
<a href="/hopscope-ca.cer">Certificate <small>DER: Windows, Android</small></a>
<a href="/hopscope-ca.mobileconfig">Profile <small>iOS, iPadOS, macOS</small></a>
</nav>
<dl>
<dt>Name</dt><dd>${name}</dd>
<dt>Valid until</dt><dd>${validTo.toISOString().slice(0, 10)}</dd>
<dt>SHA-256</dt><dd><code>${sha256}</code></dd>
</dl>
<h2>How to have it trusted</h2>
${RECIPES.map(formatRecipe).join('\n')}
</main>
</body>
</html>
`;
}

function formatRecipe({ title, steps }: Recipe): string {
  const items = steps.map((step) => `<li>${step}</li>`).join('\n');
  return `<details>\n<summary>${title}</summary>\n<ol>\n${items}\n</ol>\n</details>`;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa7ff; } }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.75rem 0; }
nav a { flex: 1 1 11rem; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .5rem; color: var(--accent);
  font-weight: 600; text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: var(--accent); }
nav small { display: block; font-weight: 400; opacity: .8; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; font-weight: 600; }
code { font: .88em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
`;
