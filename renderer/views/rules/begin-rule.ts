import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { fieldLines } from '../../format/field-lines.ts';
import type { Inspector } from '../../store/inspector.ts';
import { bodyFileName } from '../body/body-file-name.ts';
import { readRecordedAnswer } from './recorded-answer.ts';
import type { AnswerProblem } from './recorded-answer.ts';
import { bodyDraft, newRuleDraft } from './rule-draft.ts';
import type { RuleDraft } from './rule-draft.ts';
import { filterFor, freeName, nameFor } from './rule-for-row.ts';
import { rulesOf } from './rule-list.ts';

/** What a form begins with. */
export interface RuleBeginning {
  readonly draft: RuleDraft;
  /** Why a recorded body is not in it, or not all of it. */
  readonly problem?: AnswerProblem;
  /** What to call that body as a file. */
  readonly fileName?: string;
}

/** A rule for requests like that of a row; a mock is what was answered then. */
export async function beginForRow(
  inspector: Inspector,
  row: ExchangeRow,
  does: RuleActionType,
): Promise<RuleBeginning> {
  const draft: RuleDraft = {
    ...newRuleDraft(does),
    name: freeName(nameFor(row), rulesOf(inspector)),
    when: filterFor(row),
    // To the same server at first: what is to be another part of it is written over.
    to: does === 'redirect' ? originOf(row.url) : '',
  };
  if (does !== 'answer') return { draft };
  const { t } = inspector.language.getState();
  const { status, headers, text, problem } = await readRecordedAnswer(t, inspector.api, row.id);
  const answer = { status: String(status), fields: fieldLines(headers), ...bodyDraft(text) };
  const fileName = bodyFileName(row.url, row.contentType ?? '');
  return { draft: { ...draft, ...answer }, fileName, ...(problem === undefined ? {} : { problem }) };
}

function originOf(url: string): string {
  const { scheme, host } = splitUrl(url);
  return `${scheme.replace(/^ws/, 'http')}://${host}`;
}
