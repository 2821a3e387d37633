/**
 * The life of a stored response as moments in epoch milliseconds: what a time bar is drawn from. Its age at any moment is
 * that moment minus `born`, its remaining lifetime `expires` minus that moment.
 */
export interface FreshnessTimes {
  /** The value of Date; the moment of arrival when it has none that is valid (RFC 9110 §6.6.1). */
  readonly date: number;
  readonly received: number;
  /** Where its age counts from: arrival minus the age that it had by then (RFC 9111 §4.2.3). */
  readonly born: number;
  /** When its freshness lifetime is over (RFC 9111 §4.2.1). */
  readonly expires: number;
  /** What the lifetime was read from; code in backticks. */
  readonly lifetimeFrom: string;
  /** How its age on arrival was found; empty when it had none. */
  readonly ageFrom: string;
  /** Until when it may be served stale while it is validated in the background (RFC 5861 §3). */
  readonly staleWhileRevalidate?: number;
  /** Until when it may stand in for an origin that fails (RFC 5861 §4). */
  readonly staleIfError?: number;
  /** The directive that forbids serving it stale (RFC 9111 §4.2.4). */
  readonly staleForbiddenBy?: string;
  /** Every use needs a validation, so that freshness does not matter (RFC 9111 §5.2.2.4). */
  readonly noCache: boolean;
}
