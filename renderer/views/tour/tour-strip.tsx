import { Compass } from 'lucide-react';
import { useState } from 'react';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { Rich } from '../../i18n/rich.tsx';
import { openExchange } from '../../store/ui-store.ts';
import { useInspector, useSession, useT, useTrace, useUi } from '../inspector-context.tsx';
import './tour-strip.css';

const STEPS = 4;

/**
 * A short tour for whoever starts Hopscope for the first time: above the page and over nothing, so that everything it speaks of can
 * be used meanwhile. It ends with the first request, and is remembered.
 */
export function TourStrip(): ReactElement | null {
  const { ui } = useInspector();
  const t = useT();
  const done = useUi((state) => state.tourDone);
  const known = useSession((state) => state.status !== undefined);
  const total = useTrace((state) => state.counts.total);
  const [wanted, setWanted] = useState(1);
  if (done || !known) return null;
  // The first request is what the second step waits for, whoever sends it.
  const step = wanted === 2 && total > 0 ? 3 : wanted;
  const end = (): void => {
    ui.setState({ tourDone: true });
    // It may be taken again.
    setWanted(1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    end();
  };

  return (
    <section className="tour-strip" aria-label={t('tour.name')} data-region="tour" onKeyDown={onKeyDown}>
      <Compass className="icon" />
      <span className="tour-step">{t('tour.step', { step, steps: STEPS })}</span>
      <p aria-live="polite">
        <StepText step={step} />
      </p>
      <StepActions step={step} onStep={setWanted} onEnd={end} />
      {step < STEPS && (
        <button type="button" className="link-button" onClick={end}>
          {t('tour.skip')}
        </button>
      )}
    </section>
  );
}

function StepText({ step }: { readonly step: number }): ReactNode {
  const t = useT();
  const first = useFirst();
  if (step === 1) return t('tour.way');
  if (step === 2 || (step === 3 && first === undefined)) return t('tour.first');
  if (step > 3) return t('tour.why');
  return (
    <Rich
      of="tour.came"
      with={{
        ...{ method: visibleText(first?.method ?? ''), target: visibleText(shortTarget(first?.url ?? '')) },
        request: (text) => <code>{text}</code>,
      }}
    />
  );
}

interface StepActionsProps {
  readonly step: number;
  readonly onStep: (step: number) => void;
  readonly onEnd: () => void;
}

function StepActions({ step, onStep, onEnd }: StepActionsProps): ReactElement {
  const { sendSamples, ui } = useInspector();
  const t = useT();
  const first = useFirst();
  if (step === 1) return <Action label={t('tour.goOn')} onClick={() => onStep(2)} />;
  if (step > 3) return <Action label={t('tour.done')} onClick={onEnd} />;
  if (step === 3 && first !== undefined) {
    const look = (): void => {
      openExchange(ui, first.id);
      onStep(4);
    };
    return <Action label={t('tour.look')} onClick={look} />;
  }
  return (
    <>
      <Action label={t('start.sendSample')} onClick={() => void sendSamples()} />
      <button type="button" className="button" onClick={() => ui.setState({ connectOpen: true })}>
        {t('start.connectClient')}
      </button>
    </>
  );
}

function Action({ label, onClick }: { readonly label: string; readonly onClick: () => void }): ReactElement {
  return (
    <button type="button" className="button" data-kind="primary" onClick={onClick}>
      {label}
    </button>
  );
}

/** The first request that the list has. */
function useFirst() {
  const { index } = useInspector();
  return useTrace(() => {
    const id = index.view[0];
    return id === undefined ? undefined : index.get(id);
  });
}

function shortTarget(url: string): string {
  const parsed = URL.parse(url);
  const text = parsed === null ? url : `${parsed.host}${parsed.pathname}`;
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
