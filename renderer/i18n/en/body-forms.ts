/** The ways to look at a body (views/body). */
export const bodyForms = {
  graphql: 'GraphQL',
  tree: 'Tree',
  pretty: 'Pretty',
  text: 'Text',
  parts: 'Fields',
  image: 'Image',
  certificate: 'Certificate',
  messagepack: 'MessagePack',
  protobuf: 'Protobuf',
  hex: 'Hex',
} as const;
