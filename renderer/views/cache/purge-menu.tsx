import { ChevronDown, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntry } from '../../../shared/cache-contract.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { visibleText } from '../../format/visible-text.ts';
import { PurgeDialog } from './purge-dialog.tsx';
import type { PurgeDraft } from './purge-draft.ts';
import { useT } from '../inspector-context.tsx';

/** Purges more than one entry, after asking. */
export function PurgeMenu(): ReactElement {
  const t = useT();
  const [draft, setDraft] = useState<PurgeDraft>();
  const ask = (kind: PurgeDraft['kind']): void => setDraft({ kind, text: '' });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button">
          <Trash2 className="icon icon-small" />
          {t('cache.purge')}
          <ChevronDown className="icon icon-small" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
          <Item text={t('cache.aHost')} onSelect={() => ask('host')} />
          <Item text={t('cache.byPattern')} onSelect={() => ask('pattern')} />
          <Item text={t('cache.aGroup')} onSelect={() => ask('group')} />
          <DropdownMenu.Separator className="menu-separator" />
          <Item text={t('cache.everything')} onSelect={() => ask('everything')} />
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {draft !== undefined && <PurgeDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}

/** Purges what belongs together with an entry, after asking. */
export function PurgeFromEntry({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const [draft, setDraft] = useState<PurgeDraft>();
  const { host } = splitUrl(entry.uri);
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button" aria-label={t('cache.purgeMore')}>
          <ChevronDown className="icon icon-small" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
          <Item
            text={t('cache.allVariants', { variants: entry.variants.length })}
            onSelect={() => setDraft({ kind: 'key', text: entry.key })}
          />
          <Item
            text={t('cache.everythingFrom', { host: visibleText(host) })}
            onSelect={() => setDraft({ kind: 'host', text: host })}
          />
          {entry.groups.map((group) => (
            <Item
              key={group}
              text={t('cache.theGroup', { group: visibleText(group) })}
              onSelect={() => setDraft({ kind: 'group', text: group })}
            />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {draft !== undefined && <PurgeDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}

function Item({ text, onSelect }: { readonly text: string; readonly onSelect: () => void }): ReactElement {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={onSelect}>
      {text}
    </DropdownMenu.Item>
  );
}
