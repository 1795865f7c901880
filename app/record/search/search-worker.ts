import { parentPort, workerData } from 'node:worker_threads';
import { openReadOnly } from '../verify/open-read-only.ts';
import { searchAudit, searchCharts, searchRecords } from './sqlite-queries.ts';
import type { SearchJob, SearchJobResult } from './sqlite-search.ts';

/** Thread of one lane's searches: opens the file for reading anew for each question, and holds nothing meanwhile. */
const { path, laneId } = workerData as { readonly path: string; readonly laneId: string };

function answer(job: SearchJob): SearchJobResult {
  try {
    const { db, close } = openReadOnly(path);
    try {
      switch (job.type) {
        case 'records':
          return { id: job.id, ok: true, value: searchRecords(db, job.query) };
        case 'audit':
          return { id: job.id, ok: true, value: searchAudit(db, job.query, laneId) };
        case 'charts':
          return { id: job.id, ok: true, value: searchCharts(db, job.query) };
      }
    } finally {
      close();
    }
  } catch (cause) {
    // SQLite's code; its words may quote what was asked.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadableRow';
    return { id: job.id, ok: false, detail: code };
  }
}

parentPort?.on('message', (job: SearchJob) => parentPort?.postMessage(answer(job)));
