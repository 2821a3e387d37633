import type { ReactElement } from 'react';
import { useInspector, useUi } from '../inspector-context.tsx';
import { Sheet } from './sheet.tsx';
import './shortcuts-sheet.css';

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [keys: string, what: string])[] }[] =
  [
    {
      title: 'List',
      keys: [
        ['j  ↓', 'Next request'],
        ['k  ↑', 'Previous request'],
        ['PageUp  PageDown', 'A screen up or down'],
        ['Home  End', 'Oldest or newest request'],
        ['Shift ↑ ↓', 'Select several'],
        ['Ctrl A', 'Select all that are listed'],
        ['p', 'Pin or unpin: pinned requests survive a clear'],
        ['Enter', 'Open the details and go there'],
        ['Esc', 'Back to the list, then close the details'],
      ],
    },
    {
      title: 'Filter',
      keys: [
        ['/  Ctrl F', 'Go to the filter'],
        ['Enter  ↓', 'From the filter to the list'],
        ['Esc', 'Clear the filter'],
      ],
    },
    {
      title: 'Details',
      keys: [
        ['1  2  3  4  5', 'Timeline, request, response, cache, messages'],
        ['← →', 'Previous or next tab; in the timeline from bar to bar'],
        ['d', 'Show or hide the details'],
      ],
    },
    {
      title: 'Pages',
      keys: [
        ['t', 'Traffic'],
        ['c', 'Cache: what is stored. The keys of list and filter work there too'],
        ['r', 'Routing: upstreams, routes, proxies and TLS'],
      ],
    },
    {
      title: 'Session',
      keys: [
        ['Ctrl E', 'Pause or resume recording'],
        ['Ctrl Shift Del', 'Clear the list'],
        ['s', 'Sessions: save what is recorded, open what was'],
        ['?', 'This sheet'],
      ],
    },
  ];

/** The keyboard map. */
export function ShortcutsSheet(): ReactElement {
  const { ui } = useInspector();
  const open = useUi((state) => state.shortcutsOpen);
  return (
    <Sheet title="Keyboard shortcuts" open={open} onClose={() => ui.setState({ shortcutsOpen: false })}>
      <div className="sheet-groups">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className="sheet-keys">
              {keys.map(([combination, what]) => (
                <div key={combination}>
                  <dt>
                    {combination.split(/\s{2,}/).map((key) => (
                      <kbd key={key} className="kbd">
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="section-note">On a Mac, ⌘ stands in for Ctrl.</p>
    </Sheet>
  );
}
