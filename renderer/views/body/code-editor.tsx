import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { parserOf } from './code-language.ts';
import type { CodeLanguage } from './code-language.ts';
import { showMatches, viewerExtensions } from './editor-state.ts';
import { listFinder } from './finder.ts';
import type { Finder } from './finder.ts';
import { placesOf } from './places-of.ts';

interface CodeEditorProps {
  readonly text: string;
  readonly language: CodeLanguage;
  readonly label: string;
  readonly onFinder: (finder: Finder) => void;
}

/** Keys that move in the text, and must not move the list. */
const OWN_KEYS = /^(?:Arrow|Page|Home|End|Enter)/;

/**
 * Text in CodeMirror, to be read and copied. It lives in a shadow root: there the editor can use style sheets that it makes
 * itself, which the page's content security policy does not allow outside.
 */
export function CodeEditor({ text, language, label, onFinder }: CodeEditorProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    let view: EditorView | undefined;
    let wanted = true;
    void parserOf(language).then((parser) => {
      if (!wanted) return;
      const state = EditorState.create({ doc: text, extensions: viewerExtensions(text, parser, label) });
      view = new EditorView({ state, parent: root, root });
      onFinder(editorFinder(view));
    });
    return () => {
      wanted = false;
      view?.destroy();
    };
  }, [text, language, label, onFinder]);

  const keep = (event: KeyboardEvent): void => {
    if (OWN_KEYS.test(event.key)) event.stopPropagation();
  };
  return <div ref={host} className="code-editor" onKeyDown={keep} />;
}

function editorFinder(view: EditorView): Finder {
  let places: readonly number[] = [];
  let length = 0;
  return listFinder(
    ({ text, matchCase }) => {
      length = text.length;
      // The document has line breaks of one kind.
      places = placesOf(view.state.doc.toString(), text, matchCase);
      if (places.length === 0) view.dispatch({ effects: showMatches.of({ places, length, current: -1 }) });
      return places;
    },
    (current) =>
      view.dispatch({
        effects: [
          showMatches.of({ places, length, current }),
          EditorView.scrollIntoView(current, { y: 'center', x: 'center' }),
        ],
      }),
  );
}
