/** Texts of views/body. */
export const body = {
  unnamed: 'without a name',
  document: 'GraphQL document',
  variables: 'Variables',
  noVariables: 'It has no variables.',
  charsetUnknown: 'The charset “{{charset}}” is not known; shown as UTF-8.',
  notUtf8: 'These bytes are not UTF-8, and no charset is given; shown as Windows-1252.',
  invalidBytes: 'Some bytes are not valid {{charset}}, which is the charset given; each is shown as �.',
} as const;
