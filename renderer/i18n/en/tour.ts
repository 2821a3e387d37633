/** The short tour of a first start (renderer/views/tour). */
export const tour = {
  name: 'A first look',
  step: '{{step}} of {{steps}}',
  way: 'A request goes from left to right, as the top bar has it: to the address of Hopscope, through its cache, and on to where it is sent.',
  first: 'Now let one pass: from the built-in demo site, or from a client of yours.',
  came: 'There it is: <request>{{method}} {{target}}</request>. Everything that happened to it is a click away.',
  why: 'The timeline shows where its time went. Beside it, Cache says why the answer was stored or not, with the rule that decided.',
  goOn: 'Go on',
  skip: 'Skip the tour',
  look: 'Look into it',
  done: 'Understood',
} as const;
