import { Database, List, Waypoints } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import { PAGES } from '../../store/ui-store.ts';
import type { Page } from '../../store/ui-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useUi } from '../inspector-context.tsx';

const PAGE_WORDS: Readonly<Record<Page, { readonly name: string; readonly hint: string }>> = {
  traffic: { name: 'Traffic', hint: 'Every request that passes through Hopscope' },
  cache: { name: 'Cache', hint: 'What is stored, what it saves, and your own rules' },
  routing: { name: 'Routing', hint: 'Upstreams, routes, proxies and TLS' },
};

const ICONS: Readonly<Record<Page, typeof List>> = { traffic: List, cache: Database, routing: Waypoints };

/** The pages of the window. */
export function PageSwitch(): ReactElement {
  const { ui } = useInspector();
  const page = useUi((state) => state.page);
  return (
    <nav className="page-switch" aria-label="Pages">
      {PAGES.map((value) => (
        <Hint key={value} text={PAGE_WORDS[value].hint} keys={keysOf(`go.${value}`)}>
          <button
            type="button"
            className="page-link"
            aria-current={page === value ? 'page' : undefined}
            onClick={() => ui.setState({ page: value })}
          >
            {iconOf(value)}
            <span className="page-name">{PAGE_WORDS[value].name}</span>
          </button>
        </Hint>
      ))}
    </nav>
  );
}

function iconOf(page: Page): ReactElement {
  const Icon = ICONS[page];
  return <Icon className="icon icon-small" />;
}
