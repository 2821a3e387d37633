import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { notify } from '../../store/session-store.ts';
import { ItemButton } from '../common/item-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import { draftOf, newOverlay, overlayWords, patternError } from './overlay-draft.ts';
import type { OverlayRule } from './overlay-draft.ts';
import { OverlayForm } from './overlay-form.tsx';

const NONE: readonly OverlayRule[] = [];

/** The user's own rules, in order: of those that match a URL the first counts. */
export function OverlaySection(): ReactElement {
  const t = useT();
  const { ui, session, updateSettings } = useInspector();
  const rules = useSession((state) => state.settings?.cache.overlays ?? NONE);
  /** The place of the rule in the form; the number of rules for a new one. */
  const [wanted] = useState(() => ui.getState().wantedRule);
  const [editing, setEditing] = useState(wanted === null ? undefined : rules.length);
  const [refusal, setRefusal] = useState('');

  const save = async (overlays: readonly OverlayRule[]): Promise<string | undefined> => {
    const answer = await updateSettings({ cache: { overlays: [...overlays] } });
    const message = answer.ok ? undefined : answer.error.message;
    setRefusal(message ?? '');
    return message;
  };
  const move = (from: number, to: number): void => {
    const moved = [...rules];
    const [rule] = moved.splice(from, 1);
    if (rule === undefined) return;
    moved.splice(to, 0, rule);
    void save(moved);
  };
  const remove = async (place: number): Promise<void> => {
    const rule = rules[place];
    if (rule === undefined || (await save(rules.toSpliced(place, 1))) !== undefined) return;
    notify(session, 'info', t('cacheRules.deleted', { name: visibleText(rule.name) }), {
      label: t('notices.undo'),
      run: () => {
        const now = session.getState().settings?.cache.overlays ?? NONE;
        void save(now.toSpliced(place, 0, rule));
      },
      undoes: true,
    });
  };
  useEffect(() => ui.setState({ wantedRule: null }), [ui]);
  const edited = editing === undefined ? undefined : rules[editing];

  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>{t('cacheRules.overlays')}</h2>
        <button
          type="button"
          className="button"
          disabled={editing !== undefined}
          onClick={() => setEditing(rules.length)}
        >
          <Plus className="icon icon-small" />
          {t('cacheRules.addRule')}
        </button>
      </header>
      <p className="rules-lead">{t('cacheRules.overlaysNote')}</p>
      {rules.length === 0 && editing === undefined && <p className="section-note">{t('cacheRules.noRules')}</p>}
      <ol className="rule-items">
        {rules.map((rule, place) => (
          <li key={`${place} ${rule.name}`} className="rule-item">
            <span className="rule-text">
              <strong>
                <RawText text={rule.name} limit={80} />
              </strong>
              <code>
                <RawText text={rule.pattern} limit={300} />
              </code>
              <span className="section-note">
                <RawText text={overlayWords(t, rule)} limit={400} />
              </span>
              <PatternError rule={rule} />
            </span>
            <OverlayButtons
              name={visibleText(rule.name)}
              first={place === 0}
              last={place === rules.length - 1}
              locked={editing !== undefined}
              onMove={(step) => move(place, place + step)}
              onEdit={() => setEditing(place)}
              onDelete={() => void remove(place)}
            />
          </li>
        ))}
      </ol>
      <p className="field-error" role="alert">
        {refusal}
      </p>
      {editing !== undefined && (
        <OverlayForm
          key={editing}
          title={
            edited === undefined
              ? t('cacheRules.newRule')
              : t('cacheRules.editTitle', { name: visibleText(edited.name) })
          }
          initial={edited === undefined ? newOverlay(wanted) : draftOf(edited)}
          onCancel={() => setEditing(undefined)}
          onSave={async (rule) => {
            const others = [...rules];
            others[editing] = rule;
            const message = await save(others);
            if (message === undefined) setEditing(undefined);
            return message;
          }}
        />
      )}
    </section>
  );
}

function PatternError({ rule }: { readonly rule: OverlayRule }): ReactElement | null {
  const t = useT();
  const error = patternError(rule);
  return error === undefined ? null : <span className="field-error">{t.said(error)}</span>;
}

interface OverlayButtonsProps {
  readonly name: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly locked: boolean;
  readonly onMove: (step: -1 | 1) => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

function OverlayButtons({ name, first, last, locked, onMove, onEdit, onDelete }: OverlayButtonsProps): ReactElement {
  const t = useT();
  return (
    <span className="rule-buttons">
      <ItemButton label={t('cacheRules.moveUp', { name })} disabled={first || locked} onClick={() => onMove(-1)}>
        <ArrowUp className="icon icon-small" />
      </ItemButton>
      <ItemButton label={t('cacheRules.moveDown', { name })} disabled={last || locked} onClick={() => onMove(1)}>
        <ArrowDown className="icon icon-small" />
      </ItemButton>
      <ItemButton label={t('cacheRules.edit', { name })} disabled={locked} onClick={onEdit}>
        <Pencil className="icon icon-small" />
      </ItemButton>
      <ItemButton label={t('cacheRules.delete', { name })} disabled={locked} onClick={onDelete}>
        <Trash2 className="icon icon-small" />
      </ItemButton>
    </span>
  );
}
