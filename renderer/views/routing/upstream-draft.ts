import * as v from 'valibot';
import { settingsPatchSchema } from '../../../shared/settings.ts';
import type { Upstream } from '../../../shared/settings-routes.ts';
import type { Translate } from '../../i18n/translate.ts';
import { freeId } from '../../format/free-id.ts';
import type { Made } from '../common/draft-form.tsx';

export type UpstreamType = Upstream['type'];

/** An upstream as it stands in its form: the fields of every type, as typed. */
export interface UpstreamDraft {
  readonly type: UpstreamType;
  readonly label: string;
  readonly url: string;
  readonly hostPolicy: 'origin' | 'client';
  readonly username: string;
  readonly password: string;
  readonly from: 'url' | 'file' | 'text';
  readonly source: string;
  readonly kind: 'wsgi' | 'javascript';
  readonly module: string;
  readonly directory: string;
  readonly python: string;
  readonly mount: string;
  readonly workers: string;
  readonly threads: string;
  /** Milliseconds. */
  readonly timeout: string;
  /** `NAME=value`, one a line. */
  readonly env: string;
  readonly reload: boolean;
}

const EMPTY: Omit<UpstreamDraft, 'type'> = {
  ...{ label: '', url: '', hostPolicy: 'origin', username: '', password: '', from: 'url', source: '' },
  ...{ kind: 'wsgi', module: '', directory: '', python: '', mount: '/', workers: '2', threads: '4' },
  ...{ timeout: '30000', env: '', reload: false },
};

export function newDraft(type: UpstreamType): UpstreamDraft {
  return { ...EMPTY, type };
}

export function draftOf(upstream: Upstream): UpstreamDraft {
  const draft = { ...newDraft(upstream.type), label: upstream.label };
  switch (upstream.type) {
    case 'origin':
      return { ...draft, url: upstream.url, hostPolicy: upstream.hostPolicy };
    case 'proxy':
      return { ...draft, url: upstream.url, ...upstream.credentials };
    case 'pac':
      return { ...draft, from: upstream.from, source: upstream.source };
    case 'application': {
      const { kind, module, directory, python, mount, reload } = upstream;
      const env = Object.entries(upstream.env).map(([name, value]) => `${name}=${value}`);
      const [workers, threads] = [String(upstream.workers), String(upstream.threads)];
      const written = { workers, threads, timeout: String(upstream.timeout), env: env.join('\n') };
      return { ...draft, kind, module, directory, python, mount, reload, ...written };
    }
  }
}

export type UpstreamErrors = Readonly<Partial<Record<keyof UpstreamDraft, string>>>;

/**
 * The upstream that a draft makes, or what is wrong with it, by field and in the words of the settings' schema. A missing
 * label becomes what the upstream leads to; `id` is made from it when there is none yet.
 */
export function upstreamOf(
  t: Translate,
  draft: UpstreamDraft,
  id: string | undefined,
  existing: readonly Upstream[],
): Made<Upstream, UpstreamErrors> {
  const env = linesOf(draft.env);
  if (draft.type === 'application' && env.some((line) => !/^[^=\s]+=/.test(line))) {
    return { errors: { env: t('routing.variableForm') } };
  }
  const label = draft.label.trim() === '' ? labelOf(t, draft) : draft.label;
  const made = { type: draft.type, label, id: id ?? freeId(label, existing), ...partsOf(draft, env) };
  const parsed = v.safeParse(settingsPatchSchema, { upstreams: [made] });
  if (parsed.success && parsed.output.upstreams?.[0] !== undefined) return { value: made as Upstream };
  const errors: Partial<Record<keyof UpstreamDraft, string>> = {};
  for (const issue of parsed.issues ?? []) {
    const names = (issue.path ?? []).map(({ key }) => String(key));
    // What has no field of its own in this form is told below the name.
    const field = names.findLast((name): name is keyof UpstreamDraft => Object.hasOwn(draft, name)) ?? 'label';
    errors[field] ??= issue.message;
  }
  return { errors };
}

function partsOf(draft: UpstreamDraft, env: readonly string[]): object {
  const { url, hostPolicy, username, password, from, source, kind, module, directory, python, mount, reload } = draft;
  switch (draft.type) {
    case 'origin':
      return { url: withScheme(url), hostPolicy };
    case 'proxy':
      return { url: withScheme(url), ...(username + password === '' ? {} : { credentials: { username, password } }) };
    case 'pac':
      return { from, source: from === 'text' ? source : source.trim() };
    case 'application': {
      const numbers = {
        workers: numberOf(draft.workers),
        threads: numberOf(draft.threads),
        timeout: numberOf(draft.timeout),
      };
      const variables: Readonly<Record<string, string>> = Object.fromEntries(
        env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
      );
      return { kind, module, directory, python, mount: mount.trim(), ...numbers, env: variables, reload };
    }
  }
}

/** Nothing typed is no number, and not zero. */
function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

function withScheme(url: string): string {
  const trimmed = url.trim();
  return trimmed === '' || trimmed.includes('://') ? trimmed : `http://${trimmed}`;
}

function labelOf(t: Translate, { type, url, from, source, module }: UpstreamDraft): string {
  if (type === 'application') return module.trim().slice(0, 80);
  if (type === 'pac') return from === 'text' ? t('routing.pacScript') : source.trim().slice(0, 80);
  return url
    .trim()
    .replace(/^[a-z0-9]+:\/\//i, '')
    .slice(0, 80);
}

/** The lines that say something. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
