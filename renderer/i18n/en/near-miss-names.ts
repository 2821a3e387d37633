/** What a near miss can differ in besides header fields (views/decision). */
export const nearMissNames = {
  query: 'Query parameter',
  method: 'Method',
  content: 'Content',
  range: 'Bytes',
  authorization: 'Authorization',
  mode: 'Cache mode',
  age: 'Age',
} as const;
