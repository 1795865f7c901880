import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Scene } from './specimens/specimens.ts';

export interface CameraOrder {
  readonly id: number;
  readonly path: string;
  readonly scene: Scene;
}

export interface CameraReply {
  readonly id: number;
  readonly problem: string | null;
}

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './camera-worker.ts' : './camera-worker.js', import.meta.url);

/** Puts scenes before the camera: each is rendered once, in a thread of its own, and then only exchanged. */
export class CameraFiles {
  readonly #folder: string;
  readonly #worker = new Worker(WORKER, { name: 'camera', execArgv: [] });
  readonly #rendered = new Map<string, Promise<string>>();
  readonly #waiting = new Map<number, (problem: string | null) => void>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'cameras'), { recursive: true });
    this.#worker.on('message', ({ id, problem }: CameraReply) => {
      this.#waiting.get(id)?.(problem);
      this.#waiting.delete(id);
    });
  }

  /** From now on Chromium's capture device shows this scene each time it is opened. */
  async show(scene: Scene): Promise<void> {
    const file = await this.#render(scene);
    const next = join(this.#folder, 'camera.next');
    copyFileSync(file, next);
    renameSync(next, join(this.#folder, 'camera.mjpeg'));
  }

  close(): void {
    void this.#worker.terminate();
  }

  #render(scene: Scene): Promise<string> {
    const key = JSON.stringify(scene);
    const known = this.#rendered.get(key) ?? this.#order(scene);
    this.#rendered.set(key, known);
    return known;
  }

  #order(scene: Scene): Promise<string> {
    const id = this.#rendered.size;
    const path = join(this.#folder, 'cameras', `${id}.mjpeg`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (problem) => (problem === null ? resolve(path) : reject(new Error(problem))));
      this.#worker.postMessage({ id, path, scene } satisfies CameraOrder);
    });
  }
}
