import type {
  ExportedFile,
  ExportOrder,
  KeptFile,
  OpenedSession,
  SavedSession,
  SaveOrder,
  SessionEntry,
  SessionProgress,
  SessionRequestMap,
  UploadOrder,
  UploadPiece,
} from '../../shared/session-contract.ts';
import { withCode } from './with-code.ts';

/** What the contract needs of the recorded sessions. What is wrong with one is thrown with a code and a sentence. */
export interface SessionShelf {
  /** Where saved sessions lie. */
  readonly folder: string;
  list(): Promise<readonly SessionEntry[]>;
  save(order: SaveOrder): Promise<SavedSession>;
  export(order: ExportOrder): Promise<ExportedFile>;
  read(id: string, offset: number, length: number): Promise<Uint8Array>;
  /** Begins a file that `owner` hands over; resolves with its id. */
  beginUpload(order: UploadOrder, owner: object): Promise<string>;
  writeUpload(piece: UploadPiece): Promise<void>;
  endUpload(id: string): Promise<KeptFile>;
  /** Leaves nothing of what `owner` has not handed over whole. */
  giveUpUploads(owner: object): Promise<void>;
  open(id: string, prepare?: () => void): Promise<OpenedSession>;
  rename(id: string, name: string): Promise<void>;
  delete(id: string): Promise<void>;
  /** Stops opening one. */
  cancel(): void;
  onProgress(listener: (progress: SessionProgress | null) => void): () => void;
}

type Handlers = {
  [N in keyof SessionRequestMap]: (
    params: SessionRequestMap[N]['params'],
  ) => SessionRequestMap[N]['result'] | Promise<SessionRequestMap[N]['result']>;
};

/**
 * The contract's requests about recorded sessions.
 *
 * @param client whose requests these are; what it leaves unfinished is given up by it
 * @param clear forgets what is recorded, and tells everyone
 * @param changed is called when there are other sessions than before
 */
export function sessionRequests(shelf: SessionShelf, client: object, clear: () => void, changed: () => void): Handlers {
  return {
    'sessions.list': async () => ({ sessions: await withCode(() => shelf.list()), folder: shelf.folder }),
    'sessions.save': async (order) => {
      const saved = await withCode(() => shelf.save(order));
      changed();
      return saved;
    },
    'sessions.export': (order) => withCode(() => shelf.export(order)),
    'sessions.read': ({ id, offset, length }) => withCode(() => shelf.read(id, offset, length)),
    'sessions.beginUpload': async (order) => ({ id: await withCode(() => shelf.beginUpload(order, client)) }),
    'sessions.writeUpload': async (piece) => {
      await withCode(() => shelf.writeUpload(piece));
      return null;
    },
    'sessions.endUpload': async ({ id }) => {
      const kept = await withCode(() => shelf.endUpload(id));
      changed();
      return kept;
    },
    'sessions.open': ({ id }) => withCode(() => shelf.open(id, clear)),
    'sessions.merge': ({ id }) => withCode(() => shelf.open(id)),
    'sessions.rename': async ({ id, name }) => {
      await withCode(() => shelf.rename(id, name));
      changed();
      return null;
    },
    'sessions.delete': async ({ id }) => {
      await withCode(() => shelf.delete(id));
      changed();
      return null;
    },
  };
}
