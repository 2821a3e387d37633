import { Repeat } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { RESENDS_AT_ONCE } from '../../../shared/resend-contract.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useDraft } from '../common/draft-form.tsx';
import type { Made } from '../common/draft-form.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { Labelled } from './labelled.tsx';
import { MOST_REPEATS, PACES, repeatRequest } from './repeat-request.ts';
import type { Pace, Repetition, RepeatTally } from './repeat-request.ts';
import { tellRepeated } from './resend-rows.ts';
import { SendFooter } from './send-footer.tsx';
import './resend.css';

/** Asks how often a request is to be sent again, then tells how far that is. Closing it stops the sending. */
export function RepeatSheet(): ReactElement | null {
  const id = useUi((state) => state.repeatedRequest);
  return id === null ? null : <RepeatOf key={id} id={id} />;
}

function RepeatOf({ id }: { readonly id: number }): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const [open, setOpen] = useState(true);
  const [wanted, setWanted] = useState<Repetition>();
  const [tally, setTally] = useState<RepeatTally>({ ended: 0, failed: 0, last: 0 });
  const close = (): void => setOpen(false);

  useEffect(() => {
    if (wanted === undefined) return undefined;
    const stop = new AbortController();
    void repeatRequest(inspector.api, wanted, stop.signal, setTally).then((result) => {
      tellRepeated(inspector, result);
      if (result.refusal === undefined) close();
      else setTally(result);
    });
    return () => stop.abort();
  }, [inspector, wanted]);

  return (
    <Sheet
      title={t('resend.repeatTitle', { id })}
      open={open}
      onClose={() => inspector.ui.setState({ repeatedRequest: null })}
    >
      {wanted === undefined ? (
        <RepeatForm id={id} onStart={setWanted} onCancel={close} />
      ) : (
        <RepeatProgress times={wanted.times} tally={tally} onStop={close} />
      )}
    </Sheet>
  );
}

interface RepeatDraft {
  readonly times: string;
  readonly pace: Pace;
  readonly pastCache: boolean;
}

const FIRST_DRAFT: RepeatDraft = { times: '10', pace: 'each', pastCache: false };

type RepeatErrors = Readonly<Partial<Record<'times', string>>>;

function repetitionOf(
  t: Translate,
  id: number,
  { times, pace, pastCache }: RepeatDraft,
): Made<Repetition, RepeatErrors> {
  const count = /^\s*\d{1,6}\s*$/.test(times) ? Number(times) : 0;
  if (count < 1 || count > MOST_REPEATS) return { errors: { times: t('resend.badTimes', { most: MOST_REPEATS }) } };
  return { value: { id, times: count, pace, pastCache } };
}

interface RepeatFormProps {
  readonly id: number;
  readonly onStart: (repetition: Repetition) => void;
  readonly onCancel: () => void;
}

function RepeatForm({ id, onStart, onCancel }: RepeatFormProps): ReactElement {
  const t = useT();
  const field = useId();
  const times = useRef<HTMLInputElement>(null);
  const { draft, errors, change, frame } = useDraft({
    initial: FIRST_DRAFT,
    make: (draft) => repetitionOf(t, id, draft),
    onSave: (repetition) => {
      onStart(repetition);
      return Promise.resolve(undefined);
    },
  });
  useEffect(() => times.current?.select(), []);
  // Whoever has begun to mend a mistake goes on typing.
  useEffect(() => {
    if (errors.times !== undefined) times.current?.select();
  }, [errors]);

  return (
    <form className="resend-form" noValidate onSubmit={frame.submit}>
      <Labelled label={t('resend.times')} id={`${field}-times`} error={errors.times}>
        <input
          ref={times}
          id={`${field}-times`}
          className="field repeat-times"
          data-focus-first
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={draft.times}
          aria-invalid={errors.times !== undefined}
          aria-describedby={`${field}-times-error`}
          onChange={({ target }) => change({ times: target.value })}
        />
      </Labelled>
      <fieldset className="repeat-paces">
        <legend>{t('resend.pace')}</legend>
        {PACES.map((pace) => (
          <label key={pace} className="check">
            <input
              type="radio"
              name={`${field}-pace`}
              checked={draft.pace === pace}
              onChange={() => change({ pace })}
            />
            {t(`resend.pace-${pace}`, { most: RESENDS_AT_ONCE })}
          </label>
        ))}
      </fieldset>
      <SendFooter
        icon={<Repeat className="icon icon-small" />}
        pastCache={draft.pastCache}
        onPastCache={(pastCache) => change({ pastCache })}
        refusal={frame.refusal}
        onCancel={onCancel}
      />
    </form>
  );
}

interface RepeatProgressProps {
  readonly times: number;
  readonly tally: RepeatTally;
  readonly onStop: () => void;
}

function RepeatProgress({ times, tally, onStop }: RepeatProgressProps): ReactElement {
  const t = useT();
  const stop = useRef<HTMLButtonElement>(null);
  const { ended, failed, refusal } = tally;
  // The form that had the focus is gone.
  useEffect(() => stop.current?.focus(), []);
  return (
    <div className="resend-form">
      <p role="status">
        {t('resend.repeated', { ended, times })}
        {failed > 0 && <span className="repeat-failed"> {t('resend.repeatedFailed', { count: failed })}</span>}
      </p>
      <progress className="repeat-progress" max={times} value={ended} aria-label={t('resend.repeatProgress')} />
      {refusal !== undefined && (
        <p className="callout" data-tone="error" role="alert">
          {t('resend.refused', { reason: refusal })}
        </p>
      )}
      <footer className="sheet-actions">
        <button ref={stop} type="button" className="button" onClick={onStop}>
          {t(refusal === undefined ? 'resend.stop' : 'common.close')}
        </button>
      </footer>
    </div>
  );
}
