import { Fragment } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useT } from '../views/inspector-context.tsx';
import type { Key, MarksOf, PlacesOf, Translate } from './translate.ts';

type Filling<K extends Key> = { readonly [P in PlacesOf<K>]: P extends 'count' ? number : ReactNode } & {
  readonly [M in MarksOf<K>]: (text: ReactNode) => ReactNode;
};

interface RichProps<K extends Key> {
  readonly of: K;
  /** An element or text for each `{{place}}`, and for each `<mark>…</mark>` what to draw around its text. */
  readonly with: Filling<K>;
}

/**
 * A text of the catalogue with elements in it. What is filled in is never read as text of the catalogue, whatever it holds.
 */
export function Rich<K extends Key>({ of, with: filling }: RichProps<K>): ReactElement {
  const t = useT();
  const fill = filling as Readonly<Record<string, Fill>>;
  const count = fill['count'];
  return <>{pieces(t, t.template(of, typeof count === 'number' ? count : undefined), fill)}</>;
}

type Fill = ReactNode | ((text: ReactNode) => ReactNode);

const PIECE = /\{\{(?<place>\w+)(?:,[^}]*)?\}\}|<(?<mark>\w+)>(?<marked>.*?)<\/\k<mark>>/g;

function pieces(t: Translate, template: string, filling: Readonly<Record<string, Fill>>): ReactNode[] {
  const drawn: ReactNode[] = [];
  let from = 0;
  const add = (node: ReactNode): void => {
    drawn.push(<Fragment key={drawn.length}>{node}</Fragment>);
  };
  for (const match of template.matchAll(PIECE)) {
    if (match.index > from) add(template.slice(from, match.index));
    from = match.index + match[0].length;
    const { place, mark, marked } = match.groups ?? {};
    const fill = filling[place ?? mark ?? ''];
    if (typeof fill === 'function') add(fill(pieces(t, marked ?? '', filling)));
    else if (typeof fill === 'number') add(new Intl.NumberFormat(t.language).format(fill));
    else add(fill);
  }
  if (from < template.length) add(template.slice(from));
  return drawn;
}
