import { Download, Maximize2, Minimize2, Search } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { BodyFacts, BodySource } from '../../../shared/body-contract.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { parseContentType } from '../../format/media-type.ts';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { notify } from '../../store/session-store.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { Hint } from '../common/hint.tsx';
import { saveBytes } from '../common/save-file.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { bodyFileName } from './body-file-name.ts';
import { formsFor } from './body-forms.ts';
import type { BodyForm } from './body-forms.ts';
import { BodyNote, problemWords, truncationWords } from './body-notes.tsx';
import type { Truncation } from './body-notes.tsx';
import { decodeText } from './decode-text.ts';
import { FindBar } from './find-bar.tsx';
import type { Finder } from './finder.ts';
import { FormSwitch } from './form-switch.tsx';
import { LargeBody, LARGEST_IMAGE } from './large-body.tsx';
import { hostBytes } from './readable.ts';
import { useBodyFacts, useWholeBody, WHOLE } from './use-body-facts.ts';
import { WholeBody } from './whole-body.tsx';
import './body.css';

interface BodyPanelProps {
  /** The same object for as long as it is the same body. */
  readonly source: BodySource;
  /** Bytes that the body had, as it travelled. */
  readonly total: number;
  /** The fields of its message. */
  readonly headers: HeaderList;
  /** What it was got from, for the name of a file. */
  readonly url: string;
  readonly truncated?: Truncation | undefined;
}

/** A body without its content codings, in the form that suits it. */
export function BodyPanel(props: BodyPanelProps): ReactElement {
  const t = useT();
  const { source, total, headers, truncated } = props;
  const answer = useBodyFacts(source);
  const facts = answer?.ok === true ? answer.value : undefined;
  if (facts === undefined) {
    const text = answer?.ok === false ? answer.error.message : t('body.reading');
    return (
      <div className="section">
        <h3 className="section-title">
          {t('body.body')}
          <span className="section-note">{formatBytes(total)}</span>
        </h3>
        <p className="section-note">{text}</p>
      </div>
    );
  }
  const { coded } = facts;
  return (
    <ShownBody {...props} facts={facts}>
      {truncated !== undefined && (
        <BodyNote warn text={truncationWords(t, truncated, { captured: coded, total, headers })} />
      )}
      {facts.problem !== undefined && !(facts.problem.kind === 'early-end' && truncated !== undefined) && (
        <BodyNote warn={facts.problem.kind !== 'unknown'} text={problemWords(t, facts.problem, facts.length)} />
      )}
    </ShownBody>
  );
}

interface ShownBodyProps extends BodyPanelProps {
  readonly facts: BodyFacts;
  /** Notes. */
  readonly children: React.ReactNode;
}

function ShownBody({ source, total, headers, url, facts, children }: ShownBodyProps): ReactElement {
  const t = useT();
  const contentType = getHeader(headers, 'content-type') ?? '';
  const { type, charset } = parseContentType(contentType);
  const whole = useWholeBody(source, facts);
  const head = useHead(source, facts);
  const large = facts.length > WHOLE;
  const bytes = whole?.ok === true ? whole.value : undefined;
  const forms = useMemo(() => shownForms(type, bytes ?? head, facts), [type, bytes, head, facts]);
  const [picked, setPicked] = useState<BodyForm>();
  const form = picked !== undefined && forms.includes(picked) ? picked : forms[0];
  const [finding, setFinding] = useState(false);
  const [maximised, setMaximised] = useState(false);
  const [finder, setFinder] = useState<{ readonly of: BodyForm | undefined; readonly finder: Finder }>();
  const onFinder = useMemo(() => (next: Finder) => setFinder({ of: form, finder: next }), [form]);

  const onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    setFinding(true);
  };

  return (
    <div className="section body-panel" data-maximised={maximised} onKeyDown={onKey}>
      <h3 className="section-title">
        {t('body.body')}
        <span className="section-note">{sizeWords(t, facts, total, type)}</span>
        <span className="section-actions">
          {form !== undefined && <FormSwitch forms={forms} form={form} onChange={setPicked} />}
          <Hint text={t('body.find')} keys="Ctrl F">
            <button
              type="button"
              className="icon-button"
              data-size="small"
              aria-label={t('body.find')}
              aria-pressed={finding}
              onClick={() => setFinding((before) => !before)}
            >
              <Search className="icon icon-small" />
            </button>
          </Hint>
          {bytes !== undefined && form !== 'hex' && form !== 'image' && (
            <CopyButton text={() => decodeText(t, bytes, charset).text} label={t('body.copy')} size="small" />
          )}
          <SaveButton source={source} facts={facts} name={bodyFileName(url, type)} />
          <Hint text={maximised ? t('body.showRest') : t('body.showAlone')}>
            <button
              type="button"
              className="icon-button"
              data-size="small"
              aria-label={t('body.showAlone')}
              aria-pressed={maximised}
              onClick={() => setMaximised((before) => !before)}
            >
              {maximised ? <Minimize2 className="icon icon-small" /> : <Maximize2 className="icon icon-small" />}
            </button>
          </Hint>
        </span>
      </h3>
      {finding && (
        <FindBar finder={finder?.of === form ? finder?.finder : undefined} onClose={() => setFinding(false)} />
      )}
      {children}
      {whole?.ok === false && <BodyNote warn text={whole.error.message} />}
      {form !== undefined && large && (
        <LargeBody {...{ form, source, type, charset, onFinder }} length={facts.length} />
      )}
      {form !== undefined && bytes !== undefined && (
        <WholeBody {...{ form, bytes, type, charset, contentType, source, onFinder }} />
      )}
    </div>
  );
}

function SaveButton({
  source,
  facts,
  name,
}: {
  readonly source: BodySource;
  readonly facts: BodyFacts;
  readonly name: string;
}): ReactElement {
  const t = useT();
  const { api, session } = useInspector();
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    setSaving(true);
    const problem = await saveBytes(hostBytes(api, source, facts.length), name);
    setSaving(false);
    if (problem !== undefined) notify(session, 'error', t('body.notSaved', { problem }));
  };
  return (
    <Hint text={saving ? t('body.saving') : t('body.saveAs', { name })}>
      <button
        type="button"
        className="icon-button"
        data-size="small"
        aria-label={t('body.save')}
        disabled={saving || !facts.done}
        onClick={() => void save()}
      >
        <Download className="icon icon-small" />
      </button>
    </Hint>
  );
}

const NOTHING = new Uint8Array(0);

/** The first bytes of a large body, which tell what it is. */
function useHead(source: BodySource, { length }: BodyFacts): Uint8Array {
  const { api } = useInspector();
  const [head, setHead] = useState<Uint8Array>(NOTHING);
  const large = length > WHOLE;
  useEffect(() => {
    if (!large) return;
    let wanted = true;
    void hostBytes(api, source, 4096)
      .read(0, 4096)
      .then((answer) => {
        if (wanted && answer.ok) setHead(answer.value);
      });
    return () => {
      wanted = false;
    };
  }, [api, source, large]);
  return head;
}

function shownForms(type: string, bytes: Uint8Array, { length, problem }: BodyFacts): readonly BodyForm[] {
  if (bytes.length === 0) return [];
  if (problem?.kind === 'unknown') return ['hex'];
  const forms = formsFor(type, bytes);
  if (length <= WHOLE) return forms;
  if (forms[0] === 'image') return length <= LARGEST_IMAGE ? forms : ['hex'];
  return forms.filter((form) => form === 'text' || form === 'hex');
}

function sizeWords(
  t: Translate,
  { coded, length, codings, done, problem }: BodyFacts,
  total: number,
  type: string,
): string {
  const decoded = codings.length > 0 && problem?.kind !== 'unknown' && problem?.kind !== 'mislabelled';
  const size = decoded
    ? t(done ? 'body.decodedSize' : 'body.decodedSoFar', {
        coded: formatBytes(coded),
        codings: codings.join(', '),
        size: formatBytes(length),
      })
    : formatBytes(Math.max(total, coded));
  return type === '' ? size : `${size} · ${type}`;
}
