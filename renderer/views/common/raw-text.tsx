import { memo } from 'react';
import type { ReactElement } from 'react';
import { visiblePieces } from '../../format/visible-text.ts';

interface RawTextProps {
  /** Captured text: untrusted. */
  readonly text: string;
  /** Shows at most this many characters, and says how many are left out. */
  readonly limit?: number;
}

/** Captured text as text: isolated from the direction of its surroundings, with invisible characters named. */
export const RawText = memo(function RawText({ text, limit = 100_000 }: RawTextProps): ReactElement {
  const cut = text.length > limit ? text.slice(0, limit) : text;
  const pieces = visiblePieces(cut);
  const [first] = pieces;
  return (
    <bdi className="raw">
      {pieces.length === 1 && first?.escaped === false
        ? first.text
        : pieces.map((piece, index) =>
            piece.escaped ? (
              <span key={index} className="raw-escape">
                {piece.text}
              </span>
            ) : (
              piece.text
            ),
          )}
      {cut.length < text.length && <span className="raw-escape">…</span>}
    </bdi>
  );
});
