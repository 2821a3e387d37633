import { ChevronDown, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntry } from '../../../shared/cache-contract.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { visibleText } from '../../format/visible-text.ts';
import { PurgeDialog } from './purge-dialog.tsx';
import type { PurgeDraft } from './purge-draft.ts';

/** Purges more than one entry, after asking. */
export function PurgeMenu(): ReactElement {
  const [draft, setDraft] = useState<PurgeDraft>();
  const ask = (kind: PurgeDraft['kind']): void => setDraft({ kind, text: '' });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button">
          <Trash2 className="icon icon-small" />
          Purge
          <ChevronDown className="icon icon-small" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
          <Item text="A host…" onSelect={() => ask('host')} />
          <Item text="By URL pattern…" onSelect={() => ask('pattern')} />
          <Item text="A cache group…" onSelect={() => ask('group')} />
          <DropdownMenu.Separator className="menu-separator" />
          <Item text="Everything…" onSelect={() => ask('everything')} />
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {draft !== undefined && <PurgeDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}

/** Purges what belongs together with an entry, after asking. */
export function PurgeFromEntry({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const [draft, setDraft] = useState<PurgeDraft>();
  const { host } = splitUrl(entry.uri);
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button" aria-label="Purge more">
          <ChevronDown className="icon icon-small" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
          <Item
            text={`All ${entry.variants.length} variants of this URL…`}
            onSelect={() => setDraft({ kind: 'key', text: entry.key })}
          />
          <Item
            text={`Everything from ${visibleText(host)}…`}
            onSelect={() => setDraft({ kind: 'host', text: host })}
          />
          {entry.groups.map((group) => (
            <Item
              key={group}
              text={`The cache group “${visibleText(group)}”…`}
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
