import { KnownEmitter } from './known-emitter.ts';
import { checkOptions, strict } from './strict.ts';

interface NotificationOptions {
  readonly title: string;
  readonly body: string;
}

/** `Notification`: what was shown is kept for the test, which also says whether the system has notifications at all. */
export class NotificationDouble extends KnownEmitter {
  static readonly shown: NotificationDouble[] = [];
  readonly title: string;
  readonly body: string;

  constructor(options: NotificationOptions) {
    super('Notification', ['click']);
    checkOptions('Notification', options, ['title', 'body']);
    this.title = options.title;
    this.body = options.body;
    return strict('Notification', this);
  }

  static isSupported(): boolean {
    return process.env['ELECTRON_DOUBLE_NOTIFICATIONS'] !== 'refused';
  }

  show(): void {
    if (!NotificationDouble.isSupported()) throw new Error('This system shows no notifications');
    NotificationDouble.shown.push(this);
  }
}
