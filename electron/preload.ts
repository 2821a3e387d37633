import { contextBridge, ipcRenderer } from 'electron';
import { createIpcApi } from '../shared/ipc-api.ts';

contextBridge.exposeInMainWorld('hopscope', createIpcApi(ipcRenderer));
