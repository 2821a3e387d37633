/** Who can take part in a conversation, from left to right. */
export const LANE_IDS = ['client', 'server', 'handlers', 'cache', 'gateway', 'application', 'proxy', 'origin'] as const;
export type LaneId = (typeof LANE_IDS)[number];

/** A participant of one conversation. */
export interface ConversationLane {
  readonly id: LaneId;
  readonly name: string;
  /** Who it is here, such as an address; empty when there is nothing to add. Captured text. */
  readonly who: string;
}

/** `warn` for what is odd, `bad` for what went wrong, `good` for what was spared or confirmed. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** A name and a value worth knowing about a message. Captured text. */
export type Fact = readonly [name: string, value: string];

/** Something said, before it is known when the conversation began. */
export interface Said {
  readonly from: LaneId;
  /** The same as `from` for a thought: something noted, said to nobody. */
  readonly to: LaneId;
  /** Milliseconds on the engine's clock. */
  readonly at: number;
  /** A sentence; may hold captured text. */
  readonly text: string;
  readonly tone?: Tone;
  /** An answer is drawn with a broken line. */
  readonly answer?: true;
  readonly facts?: readonly Fact[];
  /** The other exchange that this belongs to: a side conversation. */
  readonly exchange?: number;
}

/** A message of a conversation. */
export interface ConversationMessage extends Required<Omit<Said, 'at' | 'exchange' | 'answer'>> {
  readonly key: string;
  /** Milliseconds since the exchange began. */
  readonly at: number;
  readonly answer: boolean;
  readonly exchange?: number;
}

/** An exchange as a sequence of messages between those who took part. */
export interface Conversation {
  readonly title: string;
  readonly lanes: readonly ConversationLane[];
  /** By time. */
  readonly messages: readonly ConversationMessage[];
}
