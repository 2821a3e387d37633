import { Download, ListChecks, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { Rule } from '../../../shared/rules.ts';
import { visibleText } from '../../format/visible-text.ts';
import { notify } from '../../store/session-store.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { Hint } from '../common/hint.tsx';
import { JsonFileButton } from '../common/json-file-button.tsx';
import { saveFile } from '../common/save-file.ts';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { beginForRow } from './begin-rule.ts';
import type { RuleBeginning } from './begin-rule.ts';
import { newRuleDraft, ruleDraftOf } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleItem } from './rule-item.tsx';
import type { ItemPart } from './rule-item.tsx';
import { appendRules, changeRules, deleteRule, moveRule, rulesOf, saveRules } from './rule-list.ts';
import { exportRules, MOST_CHARACTERS, readRules } from './rules-transfer.ts';
import './rules.css';

/** The rule in the form: its place, or none for a new one. */
interface InForm {
  readonly place: number | undefined;
  readonly beginning: RuleBeginning;
}

/** What is done with traffic, rule by rule. */
export function RulesPage(): ReactElement {
  const rules = useSession((state) => state.settings?.rules);
  if (rules === undefined) return <div className="rules" aria-busy="true" />;
  return (
    <div className="rules rules-page">
      <div className="rules-content">
        <RuleSection rules={rules} />
      </div>
    </div>
  );
}

function RuleSection({ rules }: { readonly rules: readonly Rule[] }): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const [form, setForm] = useState<InForm>();
  /** Where the keyboard comes back to, once a rule has gone from under it. */
  const [returning, setReturning] = useState<{ readonly place: number; readonly part: ItemPart }>();
  const adding = useRef<HTMLButtonElement>(null);
  const reading = useWantedRule(setForm);
  const shown = useUi((state) => state.shownRule);
  const add = (): void => setForm({ place: undefined, beginning: { draft: newRuleDraft('answer') } });
  const edited = form?.place === undefined ? undefined : rules[form.place];
  const empty = rules.length === 0 && form === undefined && !reading;

  const save = async (rule: Rule): Promise<string | undefined> => {
    const now = rulesOf(inspector);
    const next = form?.place === undefined ? [...now, rule] : now.with(form.place, rule);
    const refusal = await saveRules(inspector, next);
    if (refusal === undefined) setForm(undefined);
    return refusal;
  };
  const move = async (place: number, step: -1 | 1): Promise<void> => {
    const moved = await moveRule(inspector, place, place + step);
    if (moved) setReturning({ place: place + step, part: step < 0 ? 'up' : 'down' });
  };
  const remove = async (place: number): Promise<void> => {
    if (!(await deleteRule(inspector, place))) return;
    const left = rulesOf(inspector).length;
    if (left === 0) adding.current?.focus();
    else setReturning({ place: Math.min(place, left - 1), part: 'delete' });
  };
  return (
    <section className="rules-section" aria-label={t('rules.title')}>
      <header className="rules-head">
        <h2>{t('rules.title')}</h2>
        <span className="rules-actions">
          <TransferButtons rules={rules} locked={form !== undefined} />
          <button ref={adding} type="button" className="button" disabled={form !== undefined} onClick={add}>
            <Plus className="icon icon-small" />
            {t('rules.add')}
          </button>
        </span>
      </header>
      {empty ? (
        <EmptyState icon={<ListChecks className="icon" />} title={t('rules.none')}>
          <p>{t('rules.noneNote')}</p>
          <p className="section-note">{t('rules.noneRow')}</p>
        </EmptyState>
      ) : (
        <p className="rules-lead">{t('rules.lead')}</p>
      )}
      <ol className="rule-items" aria-label={t('rules.list')}>
        {rules.map((rule, place) => (
          <RuleItem
            key={`${place} ${rule.name}`}
            rule={rule}
            place={place}
            last={place === rules.length - 1}
            shown={shown === place}
            locked={form !== undefined}
            returning={returning?.place === place ? returning.part : undefined}
            onMove={(step) => void move(place, step)}
            onDelete={() => void remove(place)}
            onEdit={() => setForm({ place, beginning: { draft: ruleDraftOf(rule) } })}
          />
        ))}
      </ol>
      {reading && (
        <p className="section-note" role="status" aria-busy="true">
          {t('rules.reading')}
        </p>
      )}
      {form !== undefined && (
        <RuleForm
          key={form.place ?? 'new'}
          title={edited === undefined ? t('rules.newTitle') : t('rules.editTitle', { name: visibleText(edited.name) })}
          beginning={form.beginning}
          onSave={save}
          onCancel={() => setForm(undefined)}
        />
      )}
    </section>
  );
}

/** Begins the rule that the list of traffic was asked for; says whether what it begins with is still being read. */
function useWantedRule(begin: (form: InForm) => void): boolean {
  const inspector = useInspector();
  const wanted = useUi((state) => state.newRule);
  useEffect(() => {
    if (wanted === null) return undefined;
    let current = true;
    const row = inspector.index.get(wanted.exchange);
    const beginning =
      row === undefined
        ? Promise.resolve({ draft: newRuleDraft(wanted.action) })
        : beginForRow(inspector, row, wanted.action);
    void beginning.then((made) => {
      if (!current) return;
      inspector.ui.setState({ newRule: null });
      begin({ place: undefined, beginning: made });
    });
    return () => {
      current = false;
    };
  }, [inspector, wanted, begin]);
  return wanted !== null;
}

interface TransferButtonsProps {
  readonly rules: readonly Rule[];
  readonly locked: boolean;
}

/** Keeps the rules as a file, and adds those of one: all of them, or none when any of it is wrong. */
function TransferButtons({ rules, locked }: TransferButtonsProps): ReactElement {
  const t = useT();
  const inspector = useInspector();

  const take = async (file: File): Promise<void> => {
    const { session } = inspector;
    const name = visibleText(file.name);
    const read = file.size > MOST_CHARACTERS ? { problem: t('rules.tooLarge') } : readRules(t, await file.text());
    const before = rulesOf(inspector);
    const refusal = 'problem' in read ? read.problem : await appendRules(inspector, read.rules);
    if ('problem' in read || refusal !== undefined) {
      notify(session, 'error', t('rules.importFailed', { name, reason: refusal ?? '' }));
      return;
    }
    notify(session, 'info', t('rules.imported', { count: read.rules.length, name }), {
      ...{ label: t('notices.undo'), undoes: true },
      run: () => void changeRules(inspector, before),
    });
  };
  return (
    <>
      <JsonFileButton label={t('rules.import')} disabled={locked} onChosen={(file) => void take(file)} />
      <Hint text={t('rules.exportHint')}>
        <button
          type="button"
          className="button"
          disabled={rules.length === 0}
          onClick={() => saveFile('hopscope-rules.json', 'application/json', exportRules(rules))}
        >
          <Download className="icon icon-small" />
          {t('rules.export')}
        </button>
      </Hint>
    </>
  );
}
