/** Published samples, each with what it must say. ICAO Doc 9303 parts 4 to 7; GA/T 704 specimens. */

export const TD3_LINES = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
] as const;
export const TD1_LINES = [
  'I<UTOD231458907<<<<<<<<<<<<<<<',
  '7408122F1204159UTO<<<<<<<<<<<6',
  'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
] as const;
export const TD1_LONG_LINES = [
  'I<UTOD23145890<7349<<<<<<<<<<<',
  '3407127M9507122UTO<<<<<<<<<<<2',
  'STEVENSON<<PETER<JOHN<<<<<<<<<',
] as const;
export const TD2_LINES = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'] as const;
export const MRVA_LINES = [
  'V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L8988901C4XXX4009078F96121096ZE184226B<<<<<<',
] as const;
export const MRVB_LINES = ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<'] as const;
export const CS_LINES = ['CSC000000004<2404200<8108038<6'] as const;
export const CD_LINES = ['CDL000000007<2508197<8208031<6'] as const;
export const CR_LINES = [
  'CRH1234567830002212119F8108038',
  'NGKELMPONBPJLBLOAABA1234567842',
  'ZHENG<JIAN<<YANG<BEN<<<<<<<<<<',
] as const;
export const CT_LINES = [
  'CT00000000<00262006084F8108038',
  'NGKELMPONBPJLBLOAABR0000000001',
  'ZHENG<JIAN<<YANG<BEN<<<<<<3500',
] as const;
export const CHINESE_PASSPORT_LINES = [
  'POCHNZHENGJIAN<<YANGBEN<<<<<<<<<<<<<<<<<<<<<',
  'E000000008CHN8310291F2202059NGKELMPONBPJB972',
] as const;

/** One of each format; their check digits all hold. */
export const SPECIMENS: readonly (readonly string[])[] = [
  TD3_LINES,
  TD1_LINES,
  TD1_LONG_LINES,
  TD2_LINES,
  MRVA_LINES,
  MRVB_LINES,
  CS_LINES,
  CD_LINES,
  CR_LINES,
  CT_LINES,
  CHINESE_PASSPORT_LINES,
];
