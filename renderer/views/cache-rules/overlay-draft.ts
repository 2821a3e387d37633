import * as v from 'valibot';
import { overlayRuleSchema } from '../../../shared/overlay-rule.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { formatSeconds } from '../../format/units.ts';
import type { Made } from '../common/draft-form.tsx';
import type { Translate } from '../../i18n/translate.ts';

/** A rule of the user's own, as the settings hold it. */
export type OverlayRule = v.InferOutput<typeof overlayRuleSchema>;

export const OVERLAY_FLAGS = [
  'ignoreNoStore',
  'ignorePrivate',
  'ignoreVary',
  'ignoreCookies',
  'ignoreAuthorization',
] as const;
export type OverlayFlag = (typeof OVERLAY_FLAGS)[number];

/** A rule as it stands in its form: one choice where the rule has several settings that exclude each other. */
export interface OverlayDraft {
  readonly name: string;
  readonly pattern: string;
  readonly use: 'normal' | 'revalidate' | 'never';
  readonly lifetime: 'sent' | 'least' | 'fixed';
  /** Seconds, as typed. */
  readonly seconds: string;
  readonly flags: readonly OverlayFlag[];
  readonly query: 'kept' | 'sorted' | 'some' | 'dropped';
  /** Names of query parameters, separated by commas, as typed. */
  readonly parameters: string;
}

/** What the schema allows. */
const LONGEST_NAME = 80;

const NEW_OVERLAY: OverlayDraft = {
  ...{ name: '', pattern: '', use: 'normal', lifetime: 'sent', seconds: '3600' },
  ...{ flags: [], query: 'kept', parameters: '' },
};

/** A rule that does nothing yet: for a URL, or for none so far. */
export function newOverlay(url: string | null): OverlayDraft {
  if (url === null) return NEW_OVERLAY;
  const { host, path } = splitUrl(url);
  const [place = ''] = path.split('?', 1);
  return { ...NEW_OVERLAY, name: `${host}${place}`.slice(0, LONGEST_NAME), pattern: url };
}

export function draftOf(rule: OverlayRule): OverlayDraft {
  const { name, pattern, fixedLifetime, minLifetime, dropQuery } = rule;
  const lifetime = fixedLifetime !== undefined ? 'fixed' : minLifetime !== undefined ? 'least' : 'sent';
  const query = dropQuery === true ? 'dropped' : dropQuery !== undefined ? 'some' : rule.sortQuery ? 'sorted' : 'kept';
  return {
    ...{ name, pattern, lifetime, query },
    use: rule.neverCache === true ? 'never' : rule.alwaysRevalidate === true ? 'revalidate' : 'normal',
    seconds: String(fixedLifetime ?? minLifetime ?? 3600),
    flags: OVERLAY_FLAGS.filter((flag) => rule[flag] === true),
    parameters: Array.isArray(dropQuery) ? dropQuery.join(', ') : '',
  };
}

export type DraftField = 'name' | 'pattern' | 'seconds' | 'parameters';
export type DraftErrors = Readonly<Partial<Record<DraftField, string>>>;

/** The rule that a draft makes, or what is wrong with it, by the field it is wrong in: in the schema's own words. */
export function ruleOf(draft: OverlayDraft): Made<OverlayRule, DraftErrors> {
  const seconds = draft.seconds.trim() === '' ? Number.NaN : Number(draft.seconds);
  const parsed = v.safeParse(overlayRuleSchema, {
    ...{ name: draft.name, pattern: draft.pattern.trim() },
    ...(draft.use === 'never' ? { neverCache: true } : {}),
    ...(draft.use === 'revalidate' ? { alwaysRevalidate: true } : {}),
    ...(draft.lifetime === 'fixed' ? { fixedLifetime: seconds } : {}),
    ...(draft.lifetime === 'least' ? { minLifetime: seconds } : {}),
    ...Object.fromEntries(draft.flags.map((flag) => [flag, true])),
    ...(draft.query === 'sorted' ? { sortQuery: true } : {}),
    ...(draft.query === 'dropped' ? { dropQuery: true } : {}),
    ...(draft.query === 'some' ? { dropQuery: draft.parameters.split(',').map((name) => name.trim()) } : {}),
  });
  if (parsed.success) return { value: parsed.output };
  const errors: Partial<Record<DraftField, string>> = {};
  for (const issue of parsed.issues) {
    const key = String(issue.path?.[0].key);
    const field = FIELD_OF[key] ?? 'name';
    errors[field] ??= deepest(issue).message;
  }
  return { errors };
}

const FIELD_OF: Readonly<Record<string, DraftField>> = {
  name: 'name',
  pattern: 'pattern',
  fixedLifetime: 'seconds',
  minLifetime: 'seconds',
  dropQuery: 'parameters',
};

/** Of a union's issue, what is wrong with the choice that came nearest. */
function deepest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const inner = issue.issues?.find(({ path }) => path !== undefined && path.length > 0);
  return inner === undefined ? issue : deepest(inner);
}

/** Why a rule's pattern would not be saved again: those of earlier versions may match nothing. */
export function patternError(rule: OverlayRule): string | undefined {
  const made = ruleOf(draftOf(rule));
  return 'errors' in made ? made.errors.pattern : undefined;
}

/** What a rule does, in short. */
export function overlayWords(t: Translate, rule: OverlayRule): string {
  const words: string[] = [];
  if (rule.neverCache === true) words.push(t('cacheRules.neverCached'));
  if (rule.alwaysRevalidate === true) words.push(t('cacheRules.alwaysAsked'));
  if (rule.fixedLifetime !== undefined) {
    words.push(t('cacheRules.freshExactly', { time: formatSeconds(rule.fixedLifetime) }));
  } else if (rule.minLifetime !== undefined) {
    words.push(t('cacheRules.freshAtLeast', { time: formatSeconds(rule.minLifetime) }));
  }
  for (const flag of OVERLAY_FLAGS) if (rule[flag] === true) words.push(t(`cacheRules.${flag}Short`));
  if (rule.dropQuery === true) words.push(t('cacheRules.queryIgnored'));
  else if (rule.dropQuery !== undefined) {
    words.push(t('cacheRules.queryWithout', { parameters: rule.dropQuery.join(', ') }));
  }
  if (rule.sortQuery === true) words.push(t('cacheRules.querySorted'));
  return words.length === 0 ? t('cacheRules.changesNothing') : words.join(' · ');
}
