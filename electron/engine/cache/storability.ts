import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import type { ResponseDirectives } from './cache-control.ts';
import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import { fieldsOf, ofRequest, ofResponse } from './field-evidence.ts';
import type { InitialAge, Lifetime } from './freshness.ts';
import { ANSWERS_ONE_REQUEST, HEURISTICALLY_CACHEABLE, isUnderstood, NEVER_STORED } from './status-codes.ts';
import type { GoverningDirectives } from './targeted.ts';
import { isVaryIgnored } from './vary.ts';

/** What storability is decided on; all of it is known again when a stored response is read back. */
export interface StorageFacts {
  readonly method: string;
  readonly status: number;
  /** The request had an Authorization field. */
  readonly authorized: boolean;
  readonly governing: GoverningDirectives;
  readonly lifetime: Lifetime;
  readonly initialAge: InitialAge;
  /** ETag or Last-Modified is there. */
  readonly hasValidator: boolean;
  /** Content-Location names the target URI itself, as the answer to a POST or PATCH has to. */
  readonly locatesItself: boolean;
  /** A field that Vary names and that it is not stored by; see {@link unselectedField}. */
  readonly unselected: string | undefined;
  /** A stored field that qualified directives keep out of the store. */
  readonly keptOut: string | undefined;
  /** The combined value of Vary. */
  readonly vary: string | undefined;
  /** An Expires field is there, valid or not, and no targeted field overrides it. */
  readonly hasExpires: boolean;
}

/** Whether a response may be stored, and the steps that say why. The last step has the result. */
export interface Storability {
  readonly storable: boolean;
  readonly steps: readonly DecisionStep[];
}

/**
 * Decides whether a response may be stored and reused (RFC 9111 §3). The same function decides again when the cache's mode
 * has changed since a response was stored.
 */
export function decideStorability(facts: StorageFacts, settings: CacheSettings, overlay: OverlayRule): Storability {
  // Nothing is stored offline, and what is there answers.
  if (settings.mode === 'offline') return { storable: true, steps: [] };
  if (overlay.neverCache === true) {
    return refuse([], 'store.overlay', `Hopscope: overlay "${overlay.name}"`, 'never cache');
  }
  if (settings.mode === 'snapshot') return decideSnapshot(facts);
  const steps: DecisionStep[] = [];
  return (
    refuseByMessage(facts, steps) ??
    refuseByDirectives(facts, settings, overlay, steps) ??
    refuseWithoutPermission(facts, settings, steps) ??
    accept(facts, overlay, steps)
  );
}

/** The first answer wins, whatever the headers say; but an error or a part of an answer is none. */
function decideSnapshot(facts: StorageFacts): Storability {
  const { method, status } = facts;
  const source = 'Hopscope: snapshot mode';
  if (method !== 'GET') return refuse([], 'store.method', source, `\`${method}\``);
  if (status < 200 || status >= 500 || status === 206 || ANSWERS_ONE_REQUEST.has(status) || NEVER_STORED.has(status)) {
    return refuse([], 'store.status', source, `status ${status}`);
  }
  const value = facts.governing.value;
  const evidence =
    value === undefined ? `status ${status}` : `status ${status}, \`${facts.governing.field}: ${value}\``;
  const effect = 'stored until purged, whatever its headers say';
  return {
    storable: true,
    steps: [
      {
        ...{ rule: 'store.snapshot', source, evidence, effect, say: 'stored until purged' },
        ...{ departure: true, decides: 'storing' },
      },
    ],
  };
}

/** Methods whose answers may be stored for later GETs (RFC 9110 §9.3.3, RFC 5789 §2). */
export function mayAnswerGet(method: string): boolean {
  return method === 'POST' || method === 'PATCH';
}

/** Method and status code. */
function refuseByMessage(facts: StorageFacts, steps: DecisionStep[]): Storability | undefined {
  const { method, status, lifetime } = facts;
  if (mayAnswerGet(method)) {
    if (status < 200 || status > 299 || status === 206) {
      // A range is of a GET, and what an error names as its location is not what it has (RFC 9110 §14.2, §8.7).
      const source = status === 206 ? 'RFC 9110 §14.2' : 'RFC 9110 §8.7';
      return refuse(steps, 'store.status', source, `\`${method}\` answered ${status}`);
    }
    const lacking = lackingForGet(lifetime, facts.locatesItself);
    if (lacking !== undefined) {
      const source = method === 'POST' ? 'RFC 9110 §9.3.3' : 'RFC 5789 §2';
      return refuse(steps, 'store.method', source, `\`${method}\` without ${lacking}`);
    }
  } else if (method !== 'GET' && method !== 'HEAD') {
    return refuse(steps, 'store.method', 'RFC 9111 §3', `\`${method}\``);
  }
  if (method === 'HEAD' && status === 206) {
    return refuse(steps, 'store.status', 'RFC 9110 §14.2', 'status 206 to `HEAD`, which has no ranges');
  }
  if (status < 200) return refuse(steps, 'store.status', 'RFC 9111 §3', `interim status ${status}`);
  if (NEVER_STORED.has(status)) return refuse(steps, 'store.status', 'RFC 6585', `status ${status}`);
  if (status === 304)
    return refuse(steps, 'store.status', 'RFC 9110 §15.4.5', `status ${status} answers only this request`);
  return undefined;
}

/** What the answer to a POST or PATCH lacks to be one to later GETs, too (RFC 9110 §9.3.3, RFC 5789 §2). */
function lackingForGet({ kind }: Lifetime, locatesItself: boolean): string | undefined {
  const explicit = kind !== 'heuristic' && kind !== 'none';
  if (explicit) return locatesItself ? undefined : 'a `Content-Location` equal to its own URI';
  return locatesItself ? 'explicit freshness' : 'explicit freshness or a `Content-Location` equal to its own URI';
}

const AUTHORIZATION = ofRequest('authorization');
const NOT_PERMITTED = 'the request has `Authorization`, the response no `public`, `must-revalidate` or `s-maxage`';
const STORED_UNPERMITTED =
  'what is stored answered a request with `Authorization` and has no `public`, `must-revalidate` or `s-maxage`';

/** A shared cache must not store the answer to an authorised request that nothing permits it to (RFC 9111 §3.5). */
export const UNPERMITTED = notStored('store.authorization', 'RFC 9111 §3.5', NOT_PERMITTED, [AUTHORIZATION]);

/** A request may keep its answer out of the store (RFC 9111 §5.2.1.5). */
export const REFUSED_BY_REQUEST = notStored(
  'store.request-no-store',
  'RFC 9111 §5.2.1.5',
  '`no-store` in the request',
  [ofRequest('cache-control', 'no-store')],
);

/** no-store, must-understand, private, Authorization. */
function refuseByDirectives(
  facts: StorageFacts,
  settings: CacheSettings,
  overlay: OverlayRule,
  steps: DecisionStep[],
): Storability | undefined {
  const { status, governing } = facts;
  const { directives, field } = governing;
  const governed = (directive: string): readonly FieldEvidence[] => [ofResponse(field.toLowerCase(), directive)];
  const shared = settings.mode === 'shared';
  if (directives.mustUnderstand && !isUnderstood(status)) {
    const evidence = `\`must-understand\` with status ${status}, whose caching rules are not known`;
    return refuse(steps, 'store.must-understand', 'RFC 9111 §5.2.2.3', evidence, governed('must-understand'));
  }
  if (directives.noStore && !directives.mustUnderstand) {
    const evidence = `\`${field}: no-store\``;
    const fields = governed('no-store');
    if (overlay.ignoreNoStore !== true) return refuse(steps, 'store.no-store', 'RFC 9111 §5.2.2.5', evidence, fields);
    steps.push(departure('store.no-store', overlay, evidence, fields));
  }
  if (shared && directives.private) {
    const evidence = `\`${field}: private\` and the cache is shared`;
    const fields = governed('private');
    if (overlay.ignorePrivate !== true) return refuse(steps, 'store.private', 'RFC 9111 §5.2.2.7', evidence, fields);
    steps.push(departure('store.private', overlay, evidence, fields));
  }
  if (facts.keptOut !== undefined) {
    const evidence = `\`${facts.keptOut}\` is stored, which the response keeps out of the store`;
    return refuse(steps, 'store.kept-out', 'RFC 9111 §5.2.2', evidence, [ofResponse(facts.keptOut)]);
  }
  if (facts.unselected !== undefined) {
    const evidence = `\`Vary\` names \`${facts.unselected}\`, which was ignored when it was stored`;
    return refuse(steps, 'store.unselected', 'RFC 9111 §4.1', evidence, [ofResponse('vary')]);
  }
  if (facts.vary !== undefined && isVaryIgnored(facts.vary, overlay)) {
    steps.push(departure('store.vary', overlay, `\`Vary: ${facts.vary}\``, [ofResponse('vary')]));
  }
  if (shared && overlay.ignorePrivate === true && directives.privateFields.length > 0) {
    const evidence = `\`${field}: private="${directives.privateFields.join(', ')}"\``;
    steps.push(departure('store.private', overlay, evidence, governed('private')));
  }
  if (shared && facts.authorized) {
    const permission = sharedPermission(directives);
    if (permission !== undefined) {
      const effect = 'a shared cache may store the answer to an authorised request';
      const fields = [AUTHORIZATION, ...governed(permission)];
      const evidence = `\`${permission}\``;
      steps.push({ rule: 'store.authorization', source: 'RFC 9111 §3.5', evidence, effect, fields });
    } else {
      if (overlay.ignoreAuthorization !== true) return { storable: false, steps: [...steps, UNPERMITTED] };
      steps.push(departure(UNPERMITTED.rule, overlay, UNPERMITTED.evidence, [AUTHORIZATION]));
    }
  }
  return undefined;
}

/** The directive that lets a shared cache store the answer to an authorised request (RFC 9111 §3.5). */
export function sharedPermission(directives: ResponseDirectives): string | undefined {
  if (directives.public) return 'public';
  if (directives.mustRevalidateAllows) return 'must-revalidate';
  return directives.sMaxage?.seconds === undefined ? undefined : directives.sMaxage.text;
}

/** At least one reason to store it is needed (RFC 9111 §3), and one way to reuse it. */
function refuseWithoutPermission(
  facts: StorageFacts,
  settings: CacheSettings,
  steps: DecisionStep[],
): Storability | undefined {
  const { status, governing, lifetime } = facts;
  const { directives } = governing;
  const allowed =
    directives.public ||
    (directives.private && settings.mode === 'private') ||
    facts.hasExpires ||
    directives.maxAge !== undefined ||
    (directives.sMaxage !== undefined && settings.mode === 'shared') ||
    lifetime.kind === 'overlay' ||
    HEURISTICALLY_CACHEABLE.has(status);
  if (!allowed) {
    const evidence = `status ${status} without explicit freshness or \`public\``;
    return refuse(steps, 'store.permission', 'RFC 9111 §3', evidence);
  }
  if (facts.hasValidator) return undefined;
  if (lifetime.kind === 'none') {
    // Storing it would be allowed, but no rule would ever let it be reused.
    return refuse(steps, 'store.useless', 'RFC 9111 §3', 'no freshness information and no validator');
  }
  if (directives.noCache) {
    const evidence = '`no-cache` and no validator to ask the origin with';
    const fields = [ofResponse(governing.field.toLowerCase(), 'no-cache')];
    return refuse(steps, 'store.useless', 'RFC 9111 §5.2.2.4', evidence, fields);
  }
  return undefined;
}

function accept(facts: StorageFacts, overlay: OverlayRule, steps: DecisionStep[]): Storability {
  const { governing } = facts;
  if (governing.directives.mustUnderstand && governing.directives.noStore) {
    const evidence = `\`must-understand\` and status ${facts.status} is understood`;
    steps.push({
      rule: 'store.must-understand',
      source: 'RFC 9111 §5.2.2.3',
      evidence,
      effect: '`no-store` is overridden',
      say: `${evidence}\n\`no-store\` is overridden`,
      fields: [ofResponse(governing.field.toLowerCase(), 'must-understand')],
    });
  }
  if (governing.targeted) {
    const evidence = `\`${governing.field}: ${governing.value ?? ''}\``;
    const effect = 'it replaces `Cache-Control` and `Expires`';
    const fields = [ofResponse(governing.field.toLowerCase())];
    const say = `${evidence}\n${effect}`;
    steps.push({ rule: 'store.targeted', source: 'RFC 9213 §2.2', evidence, effect, say, fields });
  }
  if (facts.method === 'HEAD') steps.push(HEAD_ALONE);
  const asksEachTime = governing.directives.noCache || overlay.alwaysRevalidate === true;
  steps.push(asksEachTime ? noCacheStep(facts, overlay) : lifetimeStep(facts));
  return { storable: true, steps };
}

const HEAD_ALONE: DecisionStep = {
  rule: 'store.head',
  source: 'RFC 9110 §9.3.2',
  evidence: '`HEAD`',
  effect: 'the head alone, for later `HEAD` requests',
};

const lifetimeSteps = new WeakMap<Lifetime, DecisionStep>();

/**
 * The step that accepts a response. For responses that are new when they arrive it is put into words once for each explicit
 * lifetime, which many of them share.
 */
function lifetimeStep({ lifetime, initialAge }: StorageFacts): DecisionStep {
  const shared = lifetime.kind === 'max-age' || lifetime.kind === 's-maxage';
  if (!shared || initialAge.milliseconds >= 1000) return makeLifetimeStep(lifetime, initialAge);
  let step = lifetimeSteps.get(lifetime);
  if (step === undefined) {
    step = makeLifetimeStep(lifetime, initialAge);
    lifetimeSteps.set(lifetime, step);
  }
  return step;
}

/** What is left of the lifetime on arrival (RFC 9111 §4.2, §4.2.3). */
function makeLifetimeStep(lifetime: Lifetime, initialAge: InitialAge): DecisionStep {
  const explicit = lifetime.kind !== 'heuristic';
  const source = explicit ? 'RFC 9111 §4.2.1' : 'RFC 9111 §4.2.2';
  const left = lifetime.seconds - Math.floor(initialAge.milliseconds / 1000);
  const aged = lifetime.seconds > 0 && initialAge.evidence !== '';
  const evidence = aged ? `${lifetime.evidence}, ${initialAge.evidence}` : lifetime.evidence;
  let effect = 'stored, stale from the start';
  if (left > 0) effect = `stored, fresh for ${left} s`;
  else if (aged && left < 0) effect = `stored, already stale by ${-left} s`;
  return {
    rule: 'store.lifetime',
    source: lifetime.kind === 'overlay' ? 'Hopscope: overlay' : source,
    evidence,
    effect,
    say: `${evidence}\n${effect}`,
    fields: fieldsOf('response', aged ? [...lifetime.fields, ...initialAge.fields] : lifetime.fields),
    decides: 'storing',
    ...(lifetime.kind === 'overlay' ? { departure: true } : {}),
  };
}

/** Whatever its lifetime, each use of it needs a validation: the response says so (RFC 9111 §5.2.2.4), or an overlay. */
function noCacheStep({ lifetime, governing }: StorageFacts, overlay: OverlayRule): DecisionStep {
  const told = governing.directives.noCache;
  const cause = told ? '`no-cache`' : 'always revalidate';
  const effect = 'stored, to be validated before each use';
  const noCache = told ? [ofResponse(governing.field.toLowerCase(), 'no-cache')] : [];
  return {
    rule: 'store.no-cache',
    source: told ? 'RFC 9111 §5.2.2.4' : `Hopscope: overlay "${overlay.name}"`,
    evidence: lifetime.kind === 'none' ? cause : `${cause}; ${lifetime.evidence}`,
    effect,
    say: `${cause}\n${effect}`,
    fields: [...noCache, ...fieldsOf('response', lifetime.fields)],
    decides: 'storing',
    ...(lifetime.kind === 'overlay' ? { departure: true } : {}),
  };
}

function refuse(
  steps: DecisionStep[],
  rule: string,
  source: string,
  evidence: string,
  fields: readonly FieldEvidence[] = [],
): Storability {
  steps.push(notStored(rule, source, evidence, fields));
  return { storable: false, steps };
}

function notStored(
  rule: string,
  source: string,
  evidence: string,
  fields: readonly FieldEvidence[],
): DecisionStep & { readonly decides: 'storing' } {
  const say = `${evidence}\nnot stored`;
  return { rule, source, evidence, effect: 'not stored', say, fields, decides: 'storing' };
}

/** A step about storing as it is told later, of a response that is stored: its request is not the one of the exchange. */
export function toldOfStored(step: DecisionStep): DecisionStep {
  const { rule, fields = [] } = step;
  const evidence = rule === UNPERMITTED.rule ? STORED_UNPERMITTED : step.evidence;
  const own = fields.filter(({ side }) => side !== 'request');
  return { ...step, evidence, fields: own.map((field) => ({ ...field, side: 'stored' })) };
}

/** Something in a response that an overlay makes the cache ignore, against the RFC. */
export function departure(
  rule: string,
  overlay: OverlayRule,
  evidence: string,
  fields: readonly FieldEvidence[],
): DecisionStep {
  const source = `Hopscope: overlay "${overlay.name}"`;
  return { rule, source, evidence, effect: 'ignored', fields, departure: true };
}
