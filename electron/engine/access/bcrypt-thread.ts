import { parentPort, workerData } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { BcryptQuestion } from './verify-bcrypt.ts';

/** The thread that checks one password against its bcrypt hash: a program of its own, started by verify-bcrypt.ts. */

const { password, hash } = workerData as BcryptQuestion;
parentPort?.postMessage(compareSync(password, hash));
