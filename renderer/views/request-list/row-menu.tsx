import { ChevronRight } from 'lucide-react';
import { ContextMenu } from 'radix-ui';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { CommandId } from '../../../shared/commands.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { addTerm, quoteValue } from '../../../shared/filter/edit-filter.ts';
import { MARK_COLOURS } from '../../../shared/annotation.ts';
import { RULE_ACTIONS } from '../../../shared/rule-actions.ts';
import { appliesTo } from '../../../shared/rule-kinds.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { beginRule, compare } from '../../store/ui-store.ts';
import type { Tab } from '../../store/ui-store.ts';
import type { Group } from '../../store/group-tree.ts';
import { goToLine } from '../../store/list-cursor.ts';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { resendRows } from '../resend/resend-rows.ts';
import { CommentDialog } from './comment-dialog.tsx';
import { copyRows } from './copy-rows.ts';
import { copyAs, copyUrls, openStored, purgeStored, toggleNote } from './row-actions.ts';
import { lineAt } from './row-element.ts';
import { keysOf } from '../../commands/key-combination.ts';
import { runCommand } from '../../commands/run-command.ts';

/** What can be done with the selected rows, at a right click or with the keyboard's menu key. */
export function RowMenu({ children }: { readonly children: ReactElement }): ReactElement {
  const inspector = useInspector();
  const [commenting, setCommenting] = useState(false);

  const choose = (target: EventTarget): void => {
    const line = lineAt(target);
    if (line !== undefined && !inspector.ui.getState().selection.has(line)) goToLine(inspector, line);
  };

  return (
    // Not modal: a modal menu locks scrolling with an inline style sheet, which the page's policy forbids.
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild onContextMenu={(event) => choose(event.target)}>
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Content className="floating menu" collisionPadding={8}>
        <MenuItems onComment={() => setCommenting(true)} />
      </ContextMenu.Content>
      {commenting && <CommentDialog onClose={() => setCommenting(false)} />}
    </ContextMenu.Root>
  );
}

function MenuItems({ onComment }: { readonly onComment: () => void }): ReactElement {
  const inspector = useInspector();
  const t = useT();
  const { ui, index, lines, annotations } = inspector;
  const selection = useUi((state) => state.selection);
  const selectedId = useUi((state) => state.selectedId);
  const compareGroup = useUi((state) => state.compareGroup);
  const ids = [...selection];
  const row = selectedId === null ? undefined : index.get(selectedId);
  const group = lines.groupByKey(useUi((state) => state.groupCursor));
  if (group !== undefined && row === undefined) return <GroupItems group={group} />;
  if (row === undefined) return <Item disabled>{t('list.nothingSelected')}</Item>;
  const allPinned = ids.every((id) => annotations.get(id)?.pinned === true);
  const allCollected = ids.every((id) => compareGroup.includes(id));
  const show = (tab: Tab): void => ui.setState({ tab, detailsOpen: true });
  const [first, second, third] = ids.toSorted((a, b) => a - b);
  return (
    <>
      <Item keys={keysOf('list.copyUrl')} onSelect={() => void copyUrls(inspector, ids)}>
        {t('list.copyUrl', { count: ids.length })}
      </Item>
      <Item keys={keysOf('list.copyCurl')} onSelect={() => void copyAs(inspector, row, 'curl')}>
        {t('list.copyCurl')}
      </Item>
      <Item keys={keysOf('list.copyRows')} onSelect={() => void copyRows(inspector, ids)}>
        {t('list.copyRows')}
      </Item>
      <CopyMenu row={row} />
      <Item onSelect={() => ui.setState({ exported: ids })}>{t('list.exportHar')}</Item>
      <ContextMenu.Separator className="menu-separator" />
      <Item keys={keysOf('list.resend')} onSelect={() => void resendRows(inspector, ids)}>
        {t('list.resend', { count: ids.length })}
      </Item>
      <Item onSelect={() => void resendRows(inspector, ids, { pastCache: true })}>
        {t('list.resendPast', { count: ids.length })}
      </Item>
      <CommandItem id="list.editResend">{t('list.editResend')}</CommandItem>
      <CommandItem id="list.repeat">{t('list.repeat')}</CommandItem>
      <RuleMenu row={row} />
      <ContextMenu.Separator className="menu-separator" />
      <FilterItems row={row} />
      <ContextMenu.Separator className="menu-separator" />
      <Item keys={keysOf('list.pin')} onSelect={() => toggleNote(inspector, 'pinned')}>
        {t(allPinned ? 'list.unpin' : 'list.pin')}
      </Item>
      <MarkMenu ids={ids} />
      <Item onSelect={onComment}>{t('list.addComment')}</Item>
      {first !== undefined && second !== undefined && third === undefined && (
        <Item keys={keysOf('list.compare')} onSelect={() => compare(ui, first, second)}>
          {t('list.compare')}
        </Item>
      )}
      <CommandItem id="list.collect">{t(allCollected ? 'list.takeOut' : 'list.collect')}</CommandItem>
      <Item keys={keysOf('list.delete')} onSelect={() => void inspector.deleteRows(ids)}>
        {t('list.delete', { count: ids.length })}
      </Item>
      <DeleteMenu />
      <ContextMenu.Separator className="menu-separator" />
      <Item onSelect={() => show('cache')}>{t('list.explain')}</Item>
      <Item onSelect={() => show('conversation')}>{t('list.conversation')}</Item>
      <StoredMenu row={row} />
      <SelectMenu row={row} />
    </>
  );
}

/** What can be done with all that is under a host or a folder. */
function GroupItems({ group }: { readonly group: Group }): ReactElement {
  const { ui, lines } = useInspector();
  const t = useT();
  const open = lines.isOpen(group);
  const term = group.parent === undefined ? `host=${quoteValue(group.name)}` : `url:${quoteValue(`${group.key}/`)}`;
  const narrow = (by: string): void => ui.setState(({ filter }) => ({ filter: addTerm(filter, by) }));
  return (
    <>
      <Item onSelect={() => lines.setOpen(group, !open)}>{t(open ? 'list.closeGroup' : 'list.openGroup')}</Item>
      <Item onSelect={() => lines.setAllOpen(true)}>{t('list.openAll')}</Item>
      <Item onSelect={() => lines.setAllOpen(false)}>{t('list.closeAll')}</Item>
      <ContextMenu.Separator className="menu-separator" />
      <Item
        onSelect={() => {
          const ids = lines.idsUnder(group);
          ui.setState({ selection: new Set(ids), selectedId: ids[0] ?? null });
        }}
      >
        {t('list.selectGroup')}
      </Item>
      {group.name !== '' && (
        <>
          <Item onSelect={() => narrow(term)}>{t('list.onlyGroup')}</Item>
          <Item onSelect={() => narrow(`-${term}`)}>{t('list.hideGroup')}</Item>
        </>
      )}
    </>
  );
}

function FilterItems({ row }: { readonly row: ExchangeRow }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const { host, path } = splitUrl(row.url);
  const [pathOnly = ''] = path.split('?', 1);
  const narrow = (term: string): void => ui.setState(({ filter }) => ({ filter: addTerm(filter, term) }));
  return (
    <>
      <Item onSelect={() => narrow(`host=${quoteValue(host)}`)}>{t('list.onlyHost')}</Item>
      <Item onSelect={() => narrow(`-host=${quoteValue(host)}`)}>{t('list.hideHost')}</Item>
      <Item onSelect={() => narrow(`path:${quoteValue(pathOnly)}`)}>{t('list.onlyPath')}</Item>
      <Item onSelect={() => narrow(`-path:${quoteValue(pathOnly)}`)}>{t('list.hidePath')}</Item>
    </>
  );
}

const COPY_FORMS = ['fetch', 'request', 'response'] as const;

function CopyMenu({ row }: { readonly row: ExchangeRow }): ReactElement {
  const inspector = useInspector();
  const t = useT();
  return (
    <SubMenu title={t('list.copyAs')}>
      {COPY_FORMS.map((form) => (
        <Item key={form} onSelect={() => void copyAs(inspector, row, form)}>
          {t(`list.copy-${form}`)}
        </Item>
      ))}
    </SubMenu>
  );
}

/** Makes a rule for requests like this one. */
function RuleMenu({ row }: { readonly row: ExchangeRow }): ReactElement | null {
  const t = useT();
  const actions = RULE_ACTIONS.filter((action) => appliesTo(action, row.kind));
  if (actions.length === 0) return null;
  return (
    <SubMenu title={t('list.createTrafficRule')}>
      {actions.map((action) => (
        <CommandItem key={action} id={`rules.${action}`}>
          {t(`list.rule-${action}`)}
        </CommandItem>
      ))}
    </SubMenu>
  );
}

function MarkMenu({ ids }: { readonly ids: readonly number[] }): ReactElement {
  const { annotations } = useInspector();
  const t = useT();
  const allStruck = ids.every((id) => annotations.get(id)?.struck === true);
  return (
    <SubMenu title={t('list.mark')}>
      {MARK_COLOURS.map((mark) => (
        <Item key={mark} onSelect={() => annotations.change(ids, { mark })}>
          <span className="mark-dot" data-mark={mark} aria-hidden="true" />
          {t(`list.${mark}`)}
        </Item>
      ))}
      <Item onSelect={() => annotations.change(ids, { mark: null })}>{t('list.noColour')}</Item>
      <ContextMenu.Separator className="menu-separator" />
      <CommandItem id="list.strike">{t(allStruck ? 'list.unstrike' : 'list.strike')}</CommandItem>
    </SubMenu>
  );
}

function StoredMenu({ row }: { readonly row: ExchangeRow }): ReactElement {
  const inspector = useInspector();
  const t = useT();
  return (
    <SubMenu title={t('list.inCache')}>
      <Item onSelect={() => void openStored(inspector, row)}>{t('list.openStored')}</Item>
      <Item onSelect={() => void purgeStored(inspector, row)}>{t('list.purgeStored')}</Item>
      <Item onSelect={() => void inspector.purge({ host: splitUrl(row.url).host })}>{t('list.purgeHost')}</Item>
      {row.kind === 'http' && <Item onSelect={() => beginRule(inspector.ui, row.url)}>{t('list.createRule')}</Item>}
    </SubMenu>
  );
}

function SelectMenu({ row }: { readonly row: ExchangeRow }): ReactElement {
  const t = useT();
  return (
    <SubMenu title={t('list.select')}>
      {row.parent !== undefined && (
        <CommandItem id="list.selectParent">
          {t(row.replay === true ? 'list.goToRepeated' : 'list.goToCause')}
        </CommandItem>
      )}
      <CommandItem id="list.selectChildren">{t('list.selectChildren')}</CommandItem>
      <CommandItem id="list.selectDuplicates">{t('list.selectDuplicates')}</CommandItem>
    </SubMenu>
  );
}

function DeleteMenu(): ReactElement {
  const t = useT();
  return (
    <SubMenu title={t('list.deleteMore')}>
      <CommandItem id="list.deleteOthers">{t('list.deleteOthers')}</CommandItem>
      <CommandItem id="list.deleteHost">{t('list.deleteHost')}</CommandItem>
      <CommandItem id="recording.clearUnmarked">{t('list.deleteUnmarked')}</CommandItem>
    </SubMenu>
  );
}

/** Does what the command is for. */
function CommandItem({ id, children }: { readonly id: CommandId; readonly children: ReactNode }): ReactElement {
  const inspector = useInspector();
  return (
    <Item keys={keysOf(id)} onSelect={() => void runCommand(id, { inspector, target: null })}>
      {children}
    </Item>
  );
}

function SubMenu({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <ContextMenu.Sub>
      <ContextMenu.SubTrigger className="menu-item">
        {title}
        <ChevronRight className="icon icon-small menu-keys" aria-hidden="true" />
      </ContextMenu.SubTrigger>
      <ContextMenu.SubContent className="floating menu" collisionPadding={8}>
        {children}
      </ContextMenu.SubContent>
    </ContextMenu.Sub>
  );
}

interface ItemProps {
  readonly onSelect?: () => void;
  readonly disabled?: boolean;
  readonly keys?: string | undefined;
  readonly children: ReactNode;
}

function Item({ onSelect, disabled = false, keys, children }: ItemProps): ReactElement {
  return (
    <ContextMenu.Item className="menu-item" disabled={disabled} {...(onSelect === undefined ? {} : { onSelect })}>
      {children}
      {keys !== undefined && <kbd className="kbd menu-keys">{keys}</kbd>}
    </ContextMenu.Item>
  );
}
