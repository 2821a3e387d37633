import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { CopyButton } from '../common/copy-button.tsx';
import { breakLines, hexLines, textLines } from './code-lines.ts';
import { CodeView } from './code-view.tsx';
import { decodeText } from './decode-body.ts';
import { jsonLines } from './json-lines.ts';

export type BodyForm = 'pretty' | 'text' | 'hex' | 'image';

interface BodyViewProps {
  readonly form: BodyForm;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly charset: string;
  /** All of the body is there. */
  readonly complete: boolean;
}

/** A body in one form. Markup is only ever text; pictures are decoded by the browser's image decoder alone. */
export function BodyView(props: BodyViewProps): ReactElement {
  switch (props.form) {
    case 'image':
      return <ImageView {...props} />;
    case 'hex':
      return <HexView bytes={props.bytes} />;
    case 'pretty':
    case 'text':
      return <TextView {...props} />;
  }
}

function TextView({ form, bytes, charset }: BodyViewProps): ReactElement {
  const { text, note } = useMemo(() => decodeText(bytes, charset), [bytes, charset]);
  const lines = useMemo(() => (form === 'pretty' ? jsonLines(text) : textLines(text)), [form, text]);
  const linesFor = useCallback((columns: number) => breakLines(lines, columns), [lines]);
  return (
    <div className="code-frame">
      <span className="code-copy">
        <CopyButton text={text} label="Copy the body" size="small" />
      </span>
      <CodeView label="Body" linesFor={linesFor} numberDigits={String(lines.length).length} />
      {note !== undefined && <p className="section-note">{note}</p>}
    </div>
  );
}

function HexView({ bytes }: { readonly bytes: Uint8Array }): ReactElement {
  const linesFor = useCallback(() => hexLines(bytes), [bytes]);
  return (
    <div className="code-frame">
      <CodeView label="Body in hexadecimal" linesFor={linesFor} numberDigits={0} />
    </div>
  );
}

function ImageView({ bytes, type, complete }: BodyViewProps): ReactElement {
  const image = useRef<HTMLImageElement>(null);
  const [size, setSize] = useState('');
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const element = image.current;
    if (element === null) return;
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    element.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, type, complete, broken]);
  if (!complete) return <p className="section-note">The image is shown once all of it is loaded.</p>;
  if (broken) return <p className="section-note">These bytes are not a valid {type} image. The hex view shows them.</p>;
  return (
    <figure className="image-view">
      <img
        ref={image}
        alt="The response body"
        onError={() => setBroken(true)}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
      />
      <figcaption>{size}</figcaption>
    </figure>
  );
}
