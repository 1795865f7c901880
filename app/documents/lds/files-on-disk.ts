import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_OBJECT_BYTES } from './ber-tlv.ts';
import { FILES, type FileName, fileNameOnDisk } from './files.ts';

export interface FilesOnDisk {
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  readonly unreadable: ReadonlyMap<FileName, string>;
}

/** Reads `EF_COM.bin`, `EF_SOD.bin`, `EF_DG1.bin`, .. of a folder; absent files are simply not in the answer. */
export function readLdsFolder(folder: string): FilesOnDisk {
  const files = new Map<FileName, Uint8Array>();
  const unreadable = new Map<FileName, string>();
  for (const { name } of FILES) {
    const path = join(folder, fileNameOnDisk(name));
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) continue;
    if (size > MAX_OBJECT_BYTES) unreadable.set(name, 'fileTooLarge');
    else files.set(name, new Uint8Array(readFileSync(path)));
  }
  return { files, unreadable };
}
