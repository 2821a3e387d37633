import type { StreamParser } from '@codemirror/language';

export type CodeLanguage = 'json' | 'html' | 'xml' | 'css' | 'javascript' | 'graphql' | 'yaml' | 'plain';

/** The language of a text, by its media type. */
export function languageOf(type: string): CodeLanguage {
  if (/[/+](?:json|x-ndjson|ndjson|jsonl)$/.test(type)) return 'json';
  if (/[/+](?:html|xhtml)$/.test(type) || type === 'application/xhtml+xml') return 'html';
  if (/[/+]xml$/.test(type)) return 'xml';
  if (type === 'text/css') return 'css';
  if (/(?:java|ecma)script$/.test(type)) return 'javascript';
  if (/[/+]graphql$/.test(type)) return 'graphql';
  if (/[/+](?:x-)?yaml$/.test(type)) return 'yaml';
  return 'plain';
}

/**
 * What tells a language's words apart. These work line by line with little memory of what came before, so that nothing
 * that a body nests is nested in a parser.
 */
export async function parserOf(language: CodeLanguage): Promise<StreamParser<unknown> | undefined> {
  switch (language) {
    case 'json':
      return jsonParser;
    case 'graphql':
      return graphqlParser;
    case 'html':
      return (await import('@codemirror/legacy-modes/mode/xml')).html;
    case 'xml':
      return (await import('@codemirror/legacy-modes/mode/xml')).xml;
    case 'css':
      return (await import('@codemirror/legacy-modes/mode/css')).css;
    case 'javascript':
      return (await import('@codemirror/legacy-modes/mode/javascript')).javascript;
    case 'yaml':
      return (await import('@codemirror/legacy-modes/mode/yaml')).yaml;
    case 'plain':
      return undefined;
  }
}

const jsonParser: StreamParser<unknown> = {
  name: 'json',
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return stream.match(/^\s*:/, false) ? 'propertyName' : 'string';
    if (stream.match(/^-?\d[\d.eE+-]*/)) return 'number';
    if (stream.match(/^(?:true|false|null)\b/)) return 'atom';
    stream.next();
    return 'punctuation';
  },
};

const GRAPHQL_WORDS =
  /^(?:query|mutation|subscription|fragment|on|type|input|enum|interface|union|scalar|schema|directive|extend|implements|true|false|null)\b/;

const graphqlParser: StreamParser<unknown> = {
  name: 'graphql',
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"""[^]*?(?:"""|$)|^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^-?\d[\d.eE+-]*/)) return 'number';
    if (stream.match(/^[$@][\w]*/)) return 'atom';
    if (stream.match(GRAPHQL_WORDS)) return 'keyword';
    if (stream.match(/^\w+/)) return stream.match(/^\s*:/, false) ? 'propertyName' : null;
    stream.next();
    return 'punctuation';
  },
};
