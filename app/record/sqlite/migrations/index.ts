import type { Migration } from '../migrate.ts';
import { jointRecord } from './0001-joint-record.ts';
import { referralMaterial } from './0002-referral-material.ts';
import { lives } from './0003-lives.ts';
import { copies } from './0004-copies.ts';

/** Forward only, oldest first, one file each. A released migration is never edited. */
export const MIGRATIONS: readonly Migration[] = [jointRecord, referralMaterial, lives, copies];
