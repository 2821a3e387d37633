import { Download, FileInput, TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { notify } from '../../store/session-store.ts';
import { hostBytes } from '../body/readable.ts';
import { saveBytes } from '../common/save-file.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import type { AnswerProblem } from './recorded-answer.ts';

interface AnswerNoteProps {
  readonly problem: AnswerProblem;
  /** What to call the body as a file. */
  readonly fileName: string;
  readonly onFile: () => void;
}

/** Says why a rule does not begin with the recorded body, and what can be done instead. */
export function AnswerNote({ problem, fileName, onFile }: AnswerNoteProps): ReactElement {
  const t = useT();
  const { api, session } = useInspector();
  const save = async (): Promise<void> => {
    if (!('source' in problem)) return;
    const failure = await saveBytes(hostBytes(api, problem.source, problem.bytes), fileName);
    if (failure !== undefined) notify(session, 'error', failure);
  };
  return (
    <div className="callout rule-note" data-tone="warn" role="status">
      <TriangleAlert className="icon" aria-hidden="true" />
      <span>{problemWords(t, problem)}</span>
      {'source' in problem && (
        <>
          <button type="button" className="button" onClick={() => void save()}>
            <Download className="icon icon-small" />
            {t('rules.saveBody')}
          </button>
          <button type="button" className="button" onClick={onFile}>
            <FileInput className="icon icon-small" />
            {t('rules.fromFile')}
          </button>
        </>
      )}
    </div>
  );
}

function problemWords(t: Translate, problem: AnswerProblem): string {
  switch (problem.kind) {
    case 'none':
      return t('rules.noAnswer');
    case 'notKept':
      return t('rules.notKept');
    case 'unreadable':
      return t('rules.unreadable', { reason: problem.reason });
    case 'partial':
    case 'notText':
    case 'tooLong':
      return t(`rules.${problem.kind}`, { size: formatBytes(problem.bytes) });
  }
}
