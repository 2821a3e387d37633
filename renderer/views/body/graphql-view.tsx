import { useMemo } from 'react';
import type { ReactElement } from 'react';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { PrettyText } from './pretty-text.tsx';
import type { Finder } from './finder.ts';
import { graphqlRequests } from './graphql-request.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { ValueTreeView } from './value-tree-view.tsx';

interface GraphqlViewProps {
  readonly text: string;
  readonly onFinder: (finder: Finder) => void;
}

/** A GraphQL request as what it asks for: the operation, its document in lines, and its variables. */
export function GraphqlView({ text, onFinder }: GraphqlViewProps): ReactElement {
  const requests = useMemo(() => graphqlRequests(text) ?? [], [text]);
  return (
    <>
      {requests.map((request, place) => (
        <Request key={place} request={request} onFinder={place === 0 ? onFinder : ignore} />
      ))}
    </>
  );
}

interface RequestProps {
  readonly request: GraphqlRequest;
  readonly onFinder: (finder: Finder) => void;
}

function Request({ request: { document, name, kind, variables }, onFinder }: RequestProps): ReactElement {
  const t = useT();
  return (
    <div className="graphql">
      <p className="graphql-operation">
        <code>{kind}</code>{' '}
        {name === undefined ? (
          <span className="section-note">{t('body.unnamed')}</span>
        ) : (
          <RawText text={name} limit={200} />
        )}
      </p>
      <PrettyText text={document} language="graphql" label={t('body.document')} onFinder={onFinder} />
      <h4 className="graphql-title">{t('body.variables')}</h4>
      {variables === undefined ? (
        <p className="section-note">{t('body.noVariables')}</p>
      ) : (
        <ValueTreeView tree={variables} label={t('body.variables')} onFinder={ignore} />
      )}
    </div>
  );
}

/** What is looked for is found in the document of the first request. */
function ignore(): void {
  return undefined;
}
