import { useId } from 'react';
import type { ReactElement } from 'react';
import type { Upstream } from '../../../shared/settings-routes.ts';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { CheckRow, Choice, Row, TextRow } from '../common/form-rows.tsx';
import { upstreamOf } from './upstream-draft.ts';
import type { UpstreamDraft, UpstreamErrors, UpstreamType } from './upstream-draft.ts';
import { TYPE_WORDS } from './upstream-words.ts';

const TYPES = Object.entries(TYPE_WORDS).map(([type, [name]]) => [type as UpstreamType, name] as const);

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
  const make = (made: UpstreamDraft): ReturnType<typeof upstreamOf> => upstreamOf(made, id, existing);
  const { draft, errors, change, frame } = useDraft({ initial, make, onSave });
  return (
    <DraftForm title={title} frame={frame} onCancel={onCancel}>
      {id === undefined && (
        <Choice
          label="Type"
          value={draft.type}
          options={TYPES}
          note={TYPE_WORDS[draft.type][1]}
          onChange={(type) => change({ type })}
        />
      )}
      <Fields draft={draft} errors={errors} change={change} />
      <TextRow
        label="Name"
        value={draft.label}
        error={errors.label}
        note="Optional."
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
        label="Host that is sent"
        value={draft.hostPolicy}
        options={[
          ['origin', "The server's own"],
          ['client', 'The one the client named'],
        ]}
        onChange={(hostPolicy) => change({ hostPolicy })}
      />
    </>
  );
}

function ProxyFields({ draft, errors, change }: FieldsProps): ReactElement {
  return (
    <>
      <TextRow
        label="URL"
        value={draft.url}
        error={errors.url}
        placeholder="http://proxy.example:3128"
        note="http://, https://, socks5:// or socks4://, with host and port."
        focused
        onChange={(url) => change({ url })}
      />
      <TextRow
        label="User name"
        value={draft.username}
        error={errors.username}
        note="Only when the proxy asks for one."
        onChange={(username) => change({ username })}
      />
      <TextRow
        label="Password"
        value={draft.password}
        error={errors.password}
        secret
        onChange={(password) => change({ password })}
      />
    </>
  );
}

function PacFields({ draft, errors, change }: FieldsProps): ReactElement {
  return (
    <>
      <Choice
        label="The script is"
        value={draft.from}
        options={[
          ['url', 'At a URL'],
          ['file', 'In a file'],
          ['text', 'Typed here'],
        ]}
        onChange={(from) => change({ from })}
      />
      {draft.from === 'text' ? (
        <TextArea
          label="Script"
          value={draft.source}
          error={errors.source}
          placeholder={'function FindProxyForURL(url, host) {\n  return "DIRECT";\n}'}
          rows={8}
          onChange={(source) => change({ source })}
        />
      ) : (
        <TextRow
          label={draft.from === 'url' ? 'URL' : 'Path'}
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
  const wsgi = draft.kind === 'wsgi';
  const text = (name: 'module' | 'directory' | 'python' | 'mount' | 'workers' | 'threads' | 'timeout') => ({
    value: draft[name],
    error: errors[name],
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <>
      <Choice
        label="Language"
        value={draft.kind}
        options={[
          ['wsgi', 'Python (WSGI)'],
          ['javascript', 'JavaScript or TypeScript'],
        ]}
        onChange={(kind) => change({ kind })}
      />
      <TextRow
        {...text('module')}
        label={wsgi ? 'Application' : 'File'}
        placeholder={wsgi ? 'shop.wsgi:application' : '/home/ann/shop/app.ts'}
        {...(wsgi
          ? { note: 'module:attribute; with () behind the attribute it is called to make the application.' }
          : {})}
        focused
      />
      <TextRow
        {...text('directory')}
        label="Directory"
        placeholder="/home/ann/shop"
        note="Where it runs. Empty: where Hopscope was started."
      />
      {wsgi && (
        <TextRow
          {...text('python')}
          label="Python"
          placeholder=".venv"
          note="An interpreter or a virtual environment. Empty: the one of the directory, or python3."
        />
      )}
      <TextRow {...text('mount')} label="Mounted at" note="The path it answers at and below; / for everything." />
      <TextRow {...text('workers')} label="Workers at most" numeric />
      <TextRow {...text('threads')} label="Requests at a time, each" numeric />
      <TextRow
        {...text('timeout')}
        label="Time to answer, in ms"
        note="An application that takes longer to begin its answer hangs: 504, and a new worker. 0: no limit."
        numeric
      />
      <TextArea
        label="Environment"
        value={draft.env}
        error={errors.env}
        placeholder="DJANGO_DEBUG=1"
        rows={3}
        onChange={(env) => change({ env })}
      />
      <CheckRow
        label="Reload"
        note="Start new workers when a source file changes."
        on={draft.reload}
        onChange={(reload) => change({ reload })}
      />
    </>
  );
}

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly placeholder: string;
  readonly rows: number;
  readonly onChange: (value: string) => void;
}

function TextArea({ label, value, error, placeholder, rows, onChange }: TextAreaProps): ReactElement {
  const id = useId();
  return (
    <Row label={label} id={id} error={error}>
      <textarea
        id={id}
        className="field routing-lines"
        rows={rows}
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
        onChange={({ target }) => onChange(target.value)}
      />
    </Row>
  );
}
