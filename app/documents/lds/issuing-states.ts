/**
 * ISO 3166-1 alpha-2 codes, as certificates carry them, with the three-letter code that an MRZ carries (Germany's is `D`).
 */
const ALPHA2_TO_MRZ = new Map(
  [
    'AF:AFG AX:ALA AL:ALB DZ:DZA AS:ASM AD:AND AO:AGO AI:AIA AQ:ATA AG:ATG AR:ARG AM:ARM AW:ABW AU:AUS AT:AUT AZ:AZE',
    'BS:BHS BH:BHR BD:BGD BB:BRB BY:BLR BE:BEL BZ:BLZ BJ:BEN BM:BMU BT:BTN BO:BOL BQ:BES BA:BIH BW:BWA BV:BVT BR:BRA',
    'IO:IOT BN:BRN BG:BGR BF:BFA BI:BDI CV:CPV KH:KHM CM:CMR CA:CAN KY:CYM CF:CAF TD:TCD CL:CHL CN:CHN CX:CXR CC:CCK',
    'CO:COL KM:COM CG:COG CD:COD CK:COK CR:CRI CI:CIV HR:HRV CU:CUB CW:CUW CY:CYP CZ:CZE DK:DNK DJ:DJI DM:DMA DO:DOM',
    'EC:ECU EG:EGY SV:SLV GQ:GNQ ER:ERI EE:EST SZ:SWZ ET:ETH FK:FLK FO:FRO FJ:FJI FI:FIN FR:FRA GF:GUF PF:PYF TF:ATF',
    'GA:GAB GM:GMB GE:GEO DE:D GH:GHA GI:GIB GR:GRC GL:GRL GD:GRD GP:GLP GU:GUM GT:GTM GG:GGY GN:GIN GW:GNB GY:GUY',
    'HT:HTI HM:HMD VA:VAT HN:HND HK:HKG HU:HUN IS:ISL IN:IND ID:IDN IR:IRN IQ:IRQ IE:IRL IM:IMN IL:ISR IT:ITA JM:JAM',
    'JP:JPN JE:JEY JO:JOR KZ:KAZ KE:KEN KI:KIR KP:PRK KR:KOR KW:KWT KG:KGZ LA:LAO LV:LVA LB:LBN LS:LSO LR:LBR LY:LBY',
    'LI:LIE LT:LTU LU:LUX MO:MAC MG:MDG MW:MWI MY:MYS MV:MDV ML:MLI MT:MLT MH:MHL MQ:MTQ MR:MRT MU:MUS YT:MYT MX:MEX',
    'FM:FSM MD:MDA MC:MCO MN:MNG ME:MNE MS:MSR MA:MAR MZ:MOZ MM:MMR NA:NAM NR:NRU NP:NPL NL:NLD NC:NCL NZ:NZL NI:NIC',
    'NE:NER NG:NGA NU:NIU NF:NFK MK:MKD MP:MNP NO:NOR OM:OMN PK:PAK PW:PLW PS:PSE PA:PAN PG:PNG PY:PRY PE:PER PH:PHL',
    'PN:PCN PL:POL PT:PRT PR:PRI QA:QAT RE:REU RO:ROU RU:RUS RW:RWA BL:BLM SH:SHN KN:KNA LC:LCA MF:MAF PM:SPM VC:VCT',
    'WS:WSM SM:SMR ST:STP SA:SAU SN:SEN RS:SRB SC:SYC SL:SLE SG:SGP SX:SXM SK:SVK SI:SVN SB:SLB SO:SOM ZA:ZAF GS:SGS',
    'SS:SSD ES:ESP LK:LKA SD:SDN SR:SUR SJ:SJM SE:SWE CH:CHE SY:SYR TW:TWN TJ:TJK TZ:TZA TH:THA TL:TLS TG:TGO TK:TKL',
    'TO:TON TT:TTO TN:TUN TR:TUR TM:TKM TC:TCA TV:TUV UG:UGA UA:UKR AE:ARE GB:GBR US:USA UM:UMI UY:URY UZ:UZB VU:VUT',
    'VE:VEN VN:VNM VG:VGB VI:VIR WF:WLF EH:ESH YE:YEM ZM:ZMB ZW:ZWE',
  ]
    .join(' ')
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/**
 * Issuing states whose documents are signed under another code than the table gives (ICAO 9303-3 §5 and §7; Hong Kong and Macao
 * passports are issued by CHN; the kinds of British passport share one CSCA; Kosovo signs as KS).
 */
const ALSO_SIGNED_BY: Readonly<Record<string, readonly string[]>> = {
  CHN: ['HK', 'MO'],
  HKG: ['CN'],
  MAC: ['CN'],
  GBD: ['GB'],
  GBN: ['GB'],
  GBO: ['GB'],
  GBP: ['GB'],
  GBS: ['GB'],
  RKS: ['KS', 'XK'],
  EUE: ['EU'],
  UNO: ['UN'],
  UNA: ['UN'],
  UNK: ['UN'],
  UTO: ['UT', 'UTO'],
  XOM: ['XO', 'SMOM'],
  XPO: ['XP', 'INTERPOL'],
};

/**
 * Whether a signer of country `signerCountry` (alpha-2, or alpha-3 in some certificates) may sign for MRZ issuing state `state`.
 * Null where the code of the signer is unknown, so that nothing can be said.
 */
export function mayCountrySignFor(signerCountry: string, state: string): boolean | null {
  const mrzCode = ALPHA2_TO_MRZ.get(signerCountry);
  if (mrzCode === state || signerCountry === state) return true;
  if (ALSO_SIGNED_BY[state]?.includes(signerCountry)) return true;
  // Germany in its ISO form: the one state whose MRZ code is not its ISO code.
  if (signerCountry === 'DEU' && state === 'D') return true;
  const isKnown = mrzCode !== undefined || [...ALPHA2_TO_MRZ.values()].includes(signerCountry);
  return isKnown || ALSO_SIGNED_BY[state] !== undefined ? false : null;
}
