import { lazy, Suspense, useMemo } from 'react';
import type { ReactElement } from 'react';
import type { BodySource } from '../../../shared/body-contract.ts';
import type { BodyForm } from './body-forms.ts';
import { useT } from '../inspector-context.tsx';
import { typeLie } from './body-forms.ts';
import { BodyNote } from './body-notes.tsx';
import { languageOf } from './code-language.ts';
import type { CodeLanguage } from './code-language.ts';
import { decodeText } from './decode-text.ts';
import type { Finder } from './finder.ts';
import { GraphqlView } from './graphql-view.tsx';
import { HexView } from './hex-view.tsx';
import { ImageView } from './image-view.tsx';
import { jsonTree } from './json-tree.ts';
import { messagePackTree } from './message-pack.ts';
import { PartsView } from './parts-view.tsx';
import { protobufTree } from './protobuf.ts';
import { localBytes } from './readable.ts';
import { sniffType } from './sniff.ts';
import { PrettyText } from './pretty-text.tsx';
import { ValueTreeView } from './value-tree-view.tsx';

const CodeEditor = lazy(() => import('./code-editor.tsx').then((module) => ({ default: module.CodeEditor })));

const CertificateView = lazy(() =>
  import('./certificate-view.tsx').then((module) => ({ default: module.CertificateView })),
);

interface WholeBodyProps {
  readonly form: BodyForm;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The media type in lower case, and its charset; empty when unknown. */
  readonly type: string;
  readonly charset: string;
  /** The whole Content-Type. */
  readonly contentType: string;
  /** Where the host finds the body; absent for bytes that it does not have as one. */
  readonly source?: BodySource | undefined;
  readonly onFinder: (finder: Finder) => void;
}

/** A body that is here as a whole, in one form. Markup is only ever text. */
export function WholeBody(props: WholeBodyProps): ReactElement {
  const t = useT();
  const { form, bytes, type, onFinder } = props;
  const local = useMemo(() => localBytes(bytes), [bytes]);
  const lie = typeLie(t, type, bytes);
  return (
    <>
      {lie !== undefined && <BodyNote warn text={lie} />}
      <Suspense fallback={<p className="section-note">{t('body.loading')}</p>}>
        {form === 'hex' && <HexView bytes={local} source={props.source} onFinder={onFinder} />}
        {form === 'image' && <ImageView bytes={bytes} type={sniffType(bytes) ?? type} />}
        {form === 'certificate' && <CertificateView bytes={bytes} />}
        {(form === 'messagepack' || form === 'protobuf') && <BinaryTree {...props} form={form} />}
        {(form === 'text' || form === 'pretty' || form === 'tree' || form === 'parts' || form === 'graphql') && (
          <DecodedText {...props} form={form} />
        )}
      </Suspense>
    </>
  );
}

function BinaryTree({
  form,
  bytes,
  type,
  onFinder,
}: WholeBodyProps & { form: 'messagepack' | 'protobuf' }): ReactElement {
  const t = useT();
  const tree = useMemo(
    () => (form === 'messagepack' ? messagePackTree(bytes) : protobufTree(bytes, type.startsWith('application/grpc'))),
    [form, bytes, type],
  );
  const label = form === 'messagepack' ? t('body.asMessagePack') : t('body.asProtobuf');
  return <ValueTreeView key={form} tree={tree} label={label} onFinder={onFinder} />;
}

function DecodedText(props: WholeBodyProps & { form: 'text' | 'pretty' | 'tree' | 'parts' | 'graphql' }): ReactElement {
  const { form, bytes, charset, contentType, onFinder } = props;
  const t = useT();
  const { text, note } = useMemo(() => decodeText(t, bytes, charset), [t, bytes, charset]);
  const language = textLanguage(props.type, bytes, text);
  // The parts of a multipart body are decoded each for itself: a file among them says nothing about the texts.
  const inParts = form === 'parts' && props.type.startsWith('multipart/');
  return (
    <>
      {form === 'graphql' && <GraphqlView text={text} onFinder={onFinder} />}
      {form === 'tree' && <JsonTree text={text} onFinder={onFinder} />}
      {form === 'parts' && <PartsView bytes={bytes} text={text} contentType={contentType} />}
      {form === 'text' && <CodeEditor text={text} language={language} label={t('body.body')} onFinder={onFinder} />}
      {form === 'pretty' && (
        <PrettyText text={text} language={language} label={t('body.laidOut')} onFinder={onFinder} />
      )}
      {note !== undefined && !inParts && <p className="section-note">{note}</p>}
    </>
  );
}

function JsonTree({
  text,
  onFinder,
}: {
  readonly text: string;
  readonly onFinder: (finder: Finder) => void;
}): ReactElement {
  const t = useT();
  const tree = useMemo(() => jsonTree(text), [text]);
  return <ValueTreeView tree={tree} label={t('body.asTree')} onFinder={onFinder} />;
}

/** The language by the type, or by what the bytes begin with where no type tells or where it is wrong. */
function textLanguage(type: string, bytes: Uint8Array, text: string): CodeLanguage {
  const language = languageOf(type);
  if (language === 'json') return markupOf(bytes) ?? language;
  return language === 'plain' && /^\s*[[{]/.test(text.slice(0, 200)) ? 'json' : language;
}

function markupOf(bytes: Uint8Array): CodeLanguage | undefined {
  const language = languageOf(sniffType(bytes) ?? '');
  return language === 'plain' ? undefined : language;
}
