import { codesOf, FILLER_CODE } from './characters.ts';

/** What a three-letter code of the zone stands for (ICAO 9303-3 §5). */
export type StateCodeKind = 'state' | 'british' | 'organisation' | 'person' | 'specimen' | 'withdrawn';

/** ISO 3166-1 alpha-3 codes, as ICAO 9303-3 §5 part A takes them over. Germany alone is `D`. */
const ISO_3166 = `
AFG ALB DZA ASM AND AGO AIA ATA ATG ARG ARM ABW AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BMU BTN BOL BES BIH BWA BVT
BRA IOT BRN BGR BFA BDI CPV KHM CMR CAN CYM CAF TCD CHL CHN CXR CCK COL COM COG COD COK CRI CIV HRV CUB CUW CYP CZE DNK
DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FLK FRO FJI FIN FRA GUF PYF ATF GAB GMB GEO GHA GIB GRC GRL GRD GLP GUM GTM
GGY GIN GNB GUY HTI HMD VAT HND HKG HUN ISL IND IDN IRN IRQ IRL IMN ISR ITA JAM JPN JEY JOR KAZ KEN KIR PRK KOR KWT KGZ
LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MKD MDG MWI MYS MDV MLI MLT MHL MTQ MRT MUS MYT MEX FSM MDA MCO MNG MNE MSR MAR
MOZ MMR NAM NRU NPL NLD NCL NZL NIC NER NGA NIU NFK MNP NOR OMN PAK PLW PSE PAN PNG PRY PER PHL PCN POL PRT PRI QAT REU
ROU RUS RWA BLM SHN KNA LCA MAF SPM VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SXM SVK SVN SLB SOM ZAF SGS SSD ESP LKA SDN
SUR SJM SWE CHE SYR TWN TJK TZA THA TLS TGO TKL TON TTO TUN TUR TKM TCA TUV UGA UKR ARE GBR USA UMI URY UZB VUT VEN VNM
VGB VIR WLF ESH YEM ZMB ZWE ALA`;

/** Codes beyond ISO 3166-1, by kind. `DEU` is not a code of the zone; `XXK` and `RKS` are both seen for Kosovo. */
const OTHERS: Readonly<Record<StateCodeKind, string>> = {
  state: 'D RKS XXK',
  british: 'GBD GBN GBO GBP GBS',
  // EU; UN and its agencies, UNMIK; banks, communities, Interpol, the Order of Malta, assemblies.
  organisation: 'EUE UNO UNA UNK XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC IAO',
  // Stateless, refugee (1951 Convention), refugee otherwise, unspecified.
  person: 'XXA XXB XXC XXX',
  specimen: 'UTO',
  // Dissolved or renamed: documents may still be in hands.
  withdrawn: 'ANT NTZ ZAR ROM TMP YUG SCG SUN',
};

const KIND_OF: ReadonlyMap<string, StateCodeKind> = new Map([
  ...ISO_3166.trim()
    .split(/\s+/)
    .map((code) => [code, 'state'] as const),
  ...Object.entries(OTHERS).flatMap(([kind, codes]) =>
    codes.split(' ').map((code) => [code, kind as StateCodeKind] as const),
  ),
]);

/** `null` for a code that the list does not have; fillers after `D` are left out. */
export function stateCodeKind(code: string): StateCodeKind | null {
  return KIND_OF.get(code) ?? null;
}

/** One bit of memory a code, so that reading a document does not build and hash strings: 27 to the power of 3 places. */
const RADIX = 27;
const KNOWN = new Uint8Array(RADIX ** 3);
for (const code of KIND_OF.keys()) KNOWN[placeOf(codesOf(code.padEnd(3, '<')), 0)] = 1;

/** Whether the three characters at `offset` are a code of the list. */
export function isKnownState(codes: Uint8Array, offset: number): boolean {
  return KNOWN[placeOf(codes, offset)] === 1;
}

function placeOf(codes: Uint8Array, offset: number): number {
  let place = 0;
  for (let i = offset; i < offset + 3; i++) {
    const code = codes[i]!;
    const letter = code === FILLER_CODE ? 0 : code - 0x40;
    if (letter < 0 || letter >= RADIX) return -1;
    place = place * RADIX + letter;
  }
  return place;
}
