/** The elementary files of an eMRTD (ICAO 9303-10 §3.9, §4.2). */
export interface FileFacts {
  /** As in `EF_DG1.bin`; also how files are named in JSON. */
  readonly name: FileName;
  readonly fileId: number;
  readonly shortId: number;
  /** First byte of the content; 0 where the file is not one tagged object. */
  readonly tag: number;
}

export type DataGroupNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16;
export type DataGroupName = `DG${DataGroupNumber}`;
export type FileName = 'COM' | 'SOD' | 'CardAccess' | 'CardSecurity' | 'ATR_INFO' | DataGroupName;

const DATA_GROUP_TAGS = [
  0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70,
] as const;

export const DATA_GROUPS: readonly FileFacts[] = DATA_GROUP_TAGS.map((tag, index) => ({
  name: `DG${(index + 1) as DataGroupNumber}` as const,
  fileId: 0x0101 + index,
  shortId: index + 1,
  tag,
}));

export const FILES: readonly FileFacts[] = [
  { name: 'COM', fileId: 0x011e, shortId: 0x1e, tag: 0x60 },
  { name: 'SOD', fileId: 0x011d, shortId: 0x1d, tag: 0x77 },
  ...DATA_GROUPS,
  // In the master file.
  { name: 'CardAccess', fileId: 0x011c, shortId: 0x1c, tag: 0x31 },
  { name: 'CardSecurity', fileId: 0x011d, shortId: 0x1d, tag: 0x30 },
  { name: 'ATR_INFO', fileId: 0x2f01, shortId: 0x01, tag: 0 },
];

export function fileFacts(name: FileName): FileFacts {
  return FILES.find((file) => file.name === name)!;
}

export function dataGroupByTag(tag: number): FileFacts | null {
  return DATA_GROUPS.find((file) => file.tag === tag) ?? null;
}

export function dataGroupNumber(name: FileName): DataGroupNumber | null {
  const index = DATA_GROUPS.findIndex((file) => file.name === name);
  return index < 0 ? null : ((index + 1) as DataGroupNumber);
}

/** `EF_DG1.bin`, as the command line writes and reads files. */
export const fileNameOnDisk = (name: FileName): string => `EF_${name}.bin`;

export function isDataGroupNumber(value: number): value is DataGroupNumber {
  return Number.isInteger(value) && value >= 1 && value <= 16;
}
