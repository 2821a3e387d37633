import type { ReactElement } from 'react';
import type { Upstream } from '../../../shared/settings-routes.ts';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { CheckRow, Choice, TextRow } from '../common/form-rows.tsx';
import { upstreamOf } from './upstream-draft.ts';
import type { UpstreamDraft, UpstreamErrors, UpstreamType } from './upstream-draft.ts';
import { TYPE_WORDS } from './upstream-words.ts';
import { useT } from '../inspector-context.tsx';

const TYPES = Object.keys(TYPE_WORDS) as UpstreamType[];

interface UpstreamFormProps {
  readonly title: string;
  readonly initial: UpstreamDraft;
  /** Of the upstream that is edited; undefined for a new one. */
  readonly id: string | undefined;
  readonly existing: readonly Upstream[];
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (upstream: Upstream) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

/** Edits one upstream of any type. Mistakes are told below the field they are in, in the words of the settings' schema. */
export function UpstreamForm({ title, initial, id, existing, onSave, onCancel }: UpstreamFormProps): ReactElement {
  const t = useT();
  const make = (made: UpstreamDraft): ReturnType<typeof upstreamOf> => upstreamOf(t, made, id, existing);
  const { draft, errors, change, frame } = useDraft({ initial, make, onSave });
  return (
    <DraftForm title={title} frame={frame} onCancel={onCancel}>
      {id === undefined && (
        <Choice
          label={t('routing.type')}
          value={draft.type}
          options={TYPES.map((type) => [type, t(TYPE_WORDS[type][0])])}
          note={t(TYPE_WORDS[draft.type][1])}
          onChange={(type) => change({ type })}
        />
      )}
      <Fields draft={draft} errors={errors} change={change} />
      <TextRow
        label={t('routing.name')}
        value={draft.label}
        error={errors.label}
        note={t('routing.optional')}
        onChange={(label) => change({ label })}
      />
    </DraftForm>
  );
}

interface FieldsProps {
  readonly draft: UpstreamDraft;
  readonly errors: UpstreamErrors;
  readonly change: (part: Partial<UpstreamDraft>) => void;
}

function Fields(props: FieldsProps): ReactElement {
  switch (props.draft.type) {
    case 'origin':
      return <OriginFields {...props} />;
    case 'proxy':
      return <ProxyFields {...props} />;
    case 'pac':
      return <PacFields {...props} />;
    case 'application':
      return <ApplicationFields {...props} />;
  }
}

function OriginFields({ draft, errors, change }: FieldsProps): ReactElement {
  const t = useT();
  return (
    <>
      <TextRow
        label="URL"
        value={draft.url}
        error={errors.url}
        placeholder="http://localhost:3000"
        focused
        onChange={(url) => change({ url })}
      />
      <Choice
        label={t('routing.hostSent')}
        value={draft.hostPolicy}
        options={[
          ['origin', t('routing.hostOwn')],
          ['client', t('routing.hostClient')],
        ]}
        onChange={(hostPolicy) => change({ hostPolicy })}
      />
    </>
  );
}

function ProxyFields({ draft, errors, change }: FieldsProps): ReactElement {
  const t = useT();
  return (
    <>
      <TextRow
        label="URL"
        value={draft.url}
        error={errors.url}
        placeholder="http://proxy.example:3128"
        note={t('routing.proxyUrlNote')}
        focused
        onChange={(url) => change({ url })}
      />
      <TextRow
        label={t('routing.userName')}
        value={draft.username}
        error={errors.username}
        note={t('routing.userNameNote')}
        onChange={(username) => change({ username })}
      />
      <TextRow
        label={t('routing.password')}
        value={draft.password}
        error={errors.password}
        secret
        onChange={(password) => change({ password })}
      />
    </>
  );
}

function PacFields({ draft, errors, change }: FieldsProps): ReactElement {
  const t = useT();
  return (
    <>
      <Choice
        label={t('routing.scriptIs')}
        value={draft.from}
        options={[
          ['url', t('routing.fromUrl')],
          ['file', t('routing.fromFile')],
          ['text', t('routing.fromText')],
        ]}
        onChange={(from) => change({ from })}
      />
      {draft.from === 'text' ? (
        <TextRow
          label={t('routing.script')}
          value={draft.source}
          error={errors.source}
          placeholder={'function FindProxyForURL(url, host) {\n  return "DIRECT";\n}'}
          lines={8}
          onChange={(source) => change({ source })}
        />
      ) : (
        <TextRow
          label={draft.from === 'url' ? 'URL' : t('routing.path')}
          value={draft.source}
          error={errors.source}
          placeholder={draft.from === 'url' ? 'http://wpad.example/proxy.pac' : '/etc/proxy.pac'}
          focused
          onChange={(source) => change({ source })}
        />
      )}
    </>
  );
}

function ApplicationFields({ draft, errors, change }: FieldsProps): ReactElement {
  const t = useT();
  const wsgi = draft.kind === 'wsgi';
  const text = (name: 'module' | 'directory' | 'python' | 'mount' | 'workers' | 'threads' | 'timeout') => ({
    value: draft[name],
    error: errors[name],
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <>
      <Choice
        label={t('routing.language')}
        value={draft.kind}
        options={[
          ['wsgi', 'Python (WSGI)'],
          ['javascript', t('routing.javaScript')],
        ]}
        onChange={(kind) => change({ kind })}
      />
      <TextRow
        {...text('module')}
        label={wsgi ? t('routing.application') : t('routing.file')}
        placeholder={wsgi ? 'shop.wsgi:application' : '/home/ann/shop/app.ts'}
        {...(wsgi ? { note: t('routing.moduleNote') } : {})}
        focused
      />
      <TextRow
        {...text('directory')}
        label={t('routing.directory')}
        placeholder="/home/ann/shop"
        note={t('routing.directoryNote')}
      />
      {wsgi && <TextRow {...text('python')} label="Python" placeholder=".venv" note={t('routing.pythonNote')} />}
      <TextRow {...text('mount')} label={t('routing.mountedAt')} note={t('routing.mountedAtNote')} />
      <TextRow {...text('workers')} label={t('routing.workers')} numeric />
      <TextRow {...text('threads')} label={t('routing.threads')} numeric />
      <TextRow {...text('timeout')} label={t('routing.timeout')} note={t('routing.timeoutNote')} numeric />
      <TextRow
        label={t('routing.environment')}
        value={draft.env}
        error={errors.env}
        placeholder="DJANGO_DEBUG=1"
        lines={3}
        onChange={(env) => change({ env })}
      />
      <CheckRow
        label={t('routing.reload')}
        note={t('routing.reloadNote')}
        on={draft.reload}
        onChange={(reload) => change({ reload })}
      />
    </>
  );
}
