import * as v from 'valibot';
import { settingsSchema } from '../../../shared/settings.ts';
import type { OriginUpstream, Upstream } from '../../../shared/settings-routes.ts';
import type { Translate } from '../../i18n/translate.ts';
import { freeId } from '../../format/free-id.ts';
import { splitUrl } from '../../../shared/url-parts.ts';

export type NewUpstream =
  { readonly ok: true; readonly upstream: OriginUpstream } | { readonly ok: false; readonly error: string };

/**
 * The upstream that the form's fields describe. A missing scheme becomes `http://`, a missing label the URL's host; the id
 * is made from the label and differs from those of `existing`. Checked by the settings' own schema.
 */
export function newUpstream(
  t: Translate,
  urlText: string,
  labelText: string,
  existing: readonly Upstream[],
): NewUpstream {
  const trimmed = urlText.trim();
  if (trimmed === '') return { ok: false, error: t('topBar.enterUrl') };
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  const known = existing.find((upstream) => upstream.type === 'origin' && upstream.url === url);
  if (known !== undefined) return { ok: false, error: t('topBar.urlTaken', { name: known.label }) };
  if (!URL.canParse(url)) return { ok: false, error: t('topBar.noUrl') };
  const label = labelText.trim() === '' ? splitUrl(url).host : labelText.trim();
  const upstream: OriginUpstream = { type: 'origin', id: freeId(label, existing), label, url, hostPolicy: 'origin' };
  const checked = v.safeParse(settingsSchema, { upstreams: [upstream] });
  if (!checked.success) return { ok: false, error: sentence(checked.issues[0].message) };
  return { ok: true, upstream };
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
