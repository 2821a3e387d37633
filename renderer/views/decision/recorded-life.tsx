import type { ReactElement } from 'react';
import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { FreshnessTimes } from '../../../shared/freshness-times.ts';
import { useSession, useT } from '../inspector-context.tsx';
import { LifeBar } from './life-bar.tsx';
import type { Life } from './life-marks.ts';
import { useStoredEntry } from './use-stored-entry.ts';
import { useNow } from './use-now.ts';
import { useWhatIf } from './use-what-if.ts';

interface RecordedLifeProps {
  readonly view: ExchangeView;
  readonly decision: Decision;
  /** The entry that answers such requests now, when it is known. */
  readonly entry: number | null | undefined;
}

/** The life of the response that was served, or stored: as it was decided about, and on to the present. */
export function RecordedLife({ view, decision, entry }: RecordedLifeProps): ReactElement | null {
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const t = useT();
  const now = useNow();
  const { age, lifetime, ttl } = decision;
  const served =
    age ?? (decision.stored === true && ttl !== undefined && lifetime !== undefined ? lifetime - ttl : undefined);
  const told = served !== undefined && lifetime !== undefined;
  const at = epoch + (view.decidedAt ?? view.responseAt ?? view.start);
  const asked =
    told && view.response !== undefined ? { id: view.id, now: Math.round(at), mode: decision.mode } : undefined;
  const answer = useWhatIf(asked);
  const stored = useStoredEntry(entry)?.freshness;
  if (!told) return null;
  // The decision knows the response's own age and lifetime; the entry or the recorded fields tell the rest of its life.
  const born = at - served * 1000;
  const expires = born + lifetime * 1000;
  const life =
    sameLife(stored, expires) ?? shifted(answer?.ok === true ? answer.value.freshness : undefined, born, expires);
  return (
    <LifeBar
      life={life}
      at={at}
      atName={view.from === 'cache' ? t('decision.answeredFromStore') : t('decision.answeredAndStored')}
      now={Math.max(at, now)}
    />
  );
}

/** The entry's own life, when it is the response that was decided about and not one that has replaced it. */
function sameLife(stored: FreshnessTimes | undefined, expires: number): Life | undefined {
  // Decisions count in whole seconds, always downwards.
  return stored !== undefined && Math.abs(stored.expires - expires) < 2_000 ? stored : undefined;
}

function shifted(more: FreshnessTimes | undefined, born: number, expires: number): Life {
  if (more === undefined) return { born, expires };
  const shift = expires - more.expires;
  const { date, noCache, lifetimeFrom, staleForbiddenBy, staleWhileRevalidate, staleIfError } = more;
  return {
    ...{ born, expires, date, noCache, lifetimeFrom },
    ...(staleForbiddenBy === undefined ? {} : { staleForbiddenBy }),
    ...(staleWhileRevalidate === undefined ? {} : { staleWhileRevalidate: staleWhileRevalidate + shift }),
    ...(staleIfError === undefined ? {} : { staleIfError: staleIfError + shift }),
  };
}
