/** A part of the contract about the application around the engine: what the desktop's menu, links and files ask of its window. */

/** What a `hopscope://` link asks for. It comes from anywhere, so the person is asked before anything of it happens. */
export interface LinkWish {
  /** The name of a saved session to open. */
  readonly session?: string;
  /** A filter for the list. */
  readonly filter?: string;
}

/** Something that happened around the engine, for the page to put into words. */
export type AppNotice =
  /** A file was added to the list; `problem` says where and why reading it ended early. */
  | {
      readonly code: 'opened';
      readonly name: string;
      readonly imported: number;
      readonly lost: number;
      readonly problem?: string;
    }
  /** A file or session was not opened; `reason` is a sentence. */
  | { readonly code: 'not-opened'; readonly name: string; readonly reason: string }
  | { readonly code: 'unknown-link'; readonly link: string }
  /** The page's process ended and this page took its place. */
  | { readonly code: 'page-restarted' }
  /** The engine was started anew: because somebody asked for it, or because it had failed for a `reason`. */
  | { readonly code: 'engine-restarted'; readonly reason?: string }
  /** Flags of a second start that cannot count for an app that runs already. */
  | { readonly code: 'flags-ignored'; readonly flags: readonly string[] };

/** How it stands with newer versions. */
export type UpdateStatus =
  /** This installation does not update itself. `package-manager`: what has installed it does. */
  | { readonly state: 'off'; readonly why: 'web' | 'development' | 'unconfigured' | 'package-manager' | 'portable' }
  | { readonly state: 'unknown' | 'checking' | 'current' }
  | { readonly state: 'available' | 'ready'; readonly version: string }
  | { readonly state: 'downloading'; readonly version: string; readonly percent: number }
  | { readonly state: 'failed'; readonly reason: string };

export const UPDATE_STEPS = ['check', 'download', 'install'] as const;

/** What the application tells its window. */
export type AppEvent =
  | { readonly kind: 'command'; readonly id: string }
  | { readonly kind: 'link'; readonly link: LinkWish }
  | { readonly kind: 'notice'; readonly notice: AppNotice }
  | { readonly kind: 'update'; readonly update: UpdateStatus };

/** The application as its page finds it. */
export interface AppFacts {
  readonly host: 'desktop' | 'web';
  readonly update: UpdateStatus;
  /** What came for the page before it was there. */
  readonly events: readonly AppEvent[];
}

/** What a page tells of itself: its language (BCP 47), and what it calls its commands in that. */
export interface PageGreeting {
  readonly language: string;
  /** By the command's id. */
  readonly titles?: Readonly<Record<string, string>>;
}

export interface AppRequestMap {
  /** The page listens from now on, and speaks a language: menus and dialogs are to speak it, too. */
  'app.hello': { params: PageGreeting; result: AppFacts };
  /** Takes a step towards a newer version: each is the person's own decision. Resolves with where that has led. */
  'app.update': { params: { step: (typeof UPDATE_STEPS)[number] }; result: UpdateStatus };
}

export interface AppEventMap {
  'app.event': AppEvent;
}
