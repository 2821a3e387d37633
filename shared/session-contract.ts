/** A recorded session that can be opened: what an earlier run left behind, or a file in the folder for sessions. */
export interface SessionEntry {
  readonly id: string;
  /** `run`: the recording of an earlier run, kept for a while; `saved`: a file of ours; `har`: an HTTP Archive. */
  readonly kind: 'run' | 'saved' | 'har';
  readonly name: string;
  /** When it began (ms since 1970); absent when that is not known without reading it all. */
  readonly startedAt?: number;
  /** When something was last written. */
  readonly endedAt: number;
  /** Absent when that is not known without reading it all. */
  readonly exchanges?: number;
  /** On disk. */
  readonly bytes: number;
  /** Why it cannot be opened, in a sentence. */
  readonly problem?: string;
}

/** What became of opening a session. */
export interface OpenedSession {
  readonly imported: number;
  /** Exchanges that were there and could not be read. */
  readonly lost: number;
  /** Where and why reading ended early, in a sentence. */
  readonly problem?: string;
}

export interface SaveOrder {
  readonly name: string;
  readonly format: 'hopscope' | 'har';
}

/** What was saved. */
export interface SavedSession {
  readonly exchanges: number;
  /** The one that was wanted, without what no file's name can have. */
  readonly name: string;
}

export interface ExportOrder {
  readonly only: readonly number[];
  /** Whether the file has the values of logins and cookies, which it leaves out otherwise. */
  readonly secrets: boolean;
}

/** A file on the host's side that is there to be taken away. */
export interface ExportedFile {
  readonly id: string;
  readonly exchanges: number;
  readonly bytes: number;
}

/** A session's file that the UI is about to hand over in pieces. */
export interface UploadOrder {
  /** Its name, with its ending. */
  readonly name: string;
  readonly bytes: number;
}

export interface UploadPiece {
  /** The upload's. */
  readonly id: string;
  /** Where it belongs: where the piece before it has ended. */
  readonly offset: number;
  /** At most {@link MAX_UPLOAD_PIECE} bytes. */
  readonly base64: string;
}

/** A file that lies among the saved sessions now, by a name that was free. */
export type KeptFile = Pick<SessionEntry, 'id' | 'name'>;

/** The bytes that a file may have to be handed over. */
export const MAX_UPLOAD = 2 * 1024 ** 3;

/** The bytes that one piece of a file has at most: as base64, it is well below what a transport takes. */
export const MAX_UPLOAD_PIECE = 512 * 1024;

/** The bytes that one read of a file returns at most. */
export const MAX_FILE_READ = 1024 * 1024;

/** The longest name that a session can have. */
export const MAX_SESSION_NAME = 100;

/**
 * What the UI may ask about recorded sessions: a part of the contract's request map. Each of these fails with a sentence: with
 * `NOT_FOUND`, `NAME_TAKEN`, `BUSY` while another session is being saved or opened, and so on.
 */
export interface SessionRequestMap {
  /** Those of earlier runs and those in the folder, the newest first. */
  'sessions.list': { params: undefined; result: { sessions: readonly SessionEntry[]; folder: string } };
  /** Saves what is recorded now; running exchanges are not part of it. */
  'sessions.save': { params: SaveOrder; result: SavedSession };
  /** Writes some exchanges as an HTTP Archive, to be read from here; `sessions.delete` says that it was taken. */
  'sessions.export': { params: ExportOrder; result: ExportedFile };
  /** Bytes of a saved session's file, or of an exported one. */
  'sessions.read': { params: { id: string; offset: number; length: number }; result: Uint8Array };
  /** Begins to take a session's file from here, in pieces. `sessions.delete` gives it up, and so does leaving. */
  'sessions.beginUpload': { params: UploadOrder; result: { id: string } };
  'sessions.writeUpload': { params: UploadPiece; result: null };
  /** All of it was written: it is a session that can be opened. */
  'sessions.endUpload': { params: { id: string }; result: KeptFile };
  /** Replaces what is listed by a session. */
  'sessions.open': { params: { id: string }; result: OpenedSession };
  /** Adds a session to what is listed. */
  'sessions.merge': { params: { id: string }; result: OpenedSession };
  /** Gives a session another name. What an earlier run left becomes a saved session by that, and is kept. */
  'sessions.rename': { params: { id: string; name: string }; result: null };
  'sessions.delete': { params: { id: string }; result: null };
}

/** What is told about sessions without being asked. */
export interface SessionEventMap {
  /** There are others than before: ask again. */
  'sessions.changed': null;
  /** How far saving or opening a session is; null when it is over. */
  'sessions.progress': SessionProgress | null;
}

export interface SessionProgress {
  readonly work: 'saving' | 'opening';
  readonly name: string;
  /** Exchanges so far. */
  readonly done: number;
  /** Of how many, where that is known. */
  readonly of?: number;
}
