import beautify from 'js-beautify';
import { layOutGraphql } from './graphql-layout.ts';
import { layOutJson } from './json-layout.ts';
import type { CodeLanguage } from './code-language.ts';

/** Lays code out in lines. It runs apart from the page: a megabyte of minified code takes seconds. */
interface FormatQuestion {
  readonly text: string;
  readonly language: CodeLanguage;
}

const OPTIONS = { indent_size: 2, wrap_line_length: 0, preserve_newlines: true, max_preserve_newlines: 2 };

self.addEventListener('message', ({ data }: MessageEvent<FormatQuestion>) => {
  self.postMessage(format(data));
});

function format({ text, language }: FormatQuestion): string {
  switch (language) {
    case 'json':
      return layOutJson(text);
    case 'graphql':
      return layOutGraphql(text);
    case 'javascript':
      return beautify.js(text, OPTIONS);
    case 'css':
      return beautify.css(text, OPTIONS);
    case 'html':
    case 'xml':
      return beautify.html(text, {
        ...OPTIONS,
        indent_inner_html: true,
        extra_liners: [],
        ...(language === 'xml' ? { inline: [], void_elements: [] } : {}),
      });
    default:
      return text;
  }
}
