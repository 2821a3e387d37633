/** Texts of views/body. */
export const body = {
  unnamed: 'without a name',
  document: 'GraphQL document',
  variables: 'Variables',
  noVariables: 'It has no variables.',
} as const;
