/** Texts of views/timeline. */
export const timeline = {
  related: 'Related exchanges',
  thisExchange: 'this one',
  caused: 'caused by it',
  waitedFor: 'it waited for',
  waiting: 'waited for it',
  followed: 'followed it',
  moreRelated_one: 'One more is not drawn.',
  moreRelated_other: '{{count, number}} more are not drawn.',
  relatedTimes: 'from {{from}} to {{to}}',
} as const;
