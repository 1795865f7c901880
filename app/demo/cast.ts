import type { SideDocument } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { unwrap } from '../contract/result.ts';
import { type MrzContent, writeMrz } from '../documents/mrz/write-mrz.ts';

/** One specimen traveller of the demonstration: a document to present, a face, and what each side knows about the holder. */
export interface CastMember {
  readonly id: string;
  readonly title: string;
  /** What this crossing is meant to show. */
  readonly story: string;
  readonly lines: readonly string[];
  /** Person of the specimen photographs. */
  readonly person: string;
  /** Null: nobody enrolled this document. */
  readonly documents: Readonly<Record<Side, SideDocument>> | null;
  /** The side that has this document on its watchlist, and what its list says. */
  readonly watched: { readonly side: Side; readonly word: 'refer' | 'refuse' } | null;
  /** Null: a document without a chip. */
  readonly chip: ChipStory | null;
}

/** `tampered`: another portrait was put in after the signature. `cloned`: everything was copied but the key that proves the chip. */
export type ChipStory = 'genuine' | 'tampered' | 'cloned';

interface Holder {
  readonly id: string;
  readonly story: string;
  readonly kindTitle: string;
  readonly format: 'TD1' | 'TD3' | 'CS';
  readonly number: string;
  readonly state: string;
  readonly primary: string;
  readonly secondary: string;
  readonly birth: string;
  readonly expiry: string;
  readonly sex: 'F' | 'M';
  readonly person: string;
  readonly enrolled?: boolean;
  readonly watched?: CastMember['watched'];
  readonly chip?: CastMember['chip'];
}

/** Specimens only: Utopia's passports and cards, and numbers of published specimen permits' kind. */
const HOLDERS: readonly Holder[] = [
  {
    id: 'eriksson',
    story: 'cleared by both controls',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'L898902C3',
    state: 'UTO',
    primary: 'ERIKSSON',
    secondary: 'ANNA MARIA',
    birth: '1974-08-12',
    expiry: '2034-04-15',
    sex: 'F',
    person: 'p01',
  },
  {
    id: 'stevenson',
    story: 'cleared by both controls',
    kindTitle: 'identity card',
    format: 'TD1',
    number: 'D23145891',
    state: 'UTO',
    primary: 'STEVENSON',
    secondary: 'PETRA JOAN',
    birth: '1984-07-12',
    expiry: '2032-07-12',
    sex: 'F',
    person: 'p03',
  },
  {
    id: 'zhengjian',
    story: 'cleared by both controls',
    kindTitle: 'exit-entry permit',
    format: 'CS',
    number: 'C00000000',
    state: 'CHN',
    primary: 'ZHENGJIAN',
    secondary: 'YANGBEN',
    birth: '1981-08-03',
    expiry: '2034-08-20',
    sex: 'F',
    person: 'p02',
  },
  {
    id: 'marta',
    story: 'the exit control refuses',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000001',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'MARTA',
    birth: '1979-02-28',
    expiry: '2033-01-31',
    sex: 'F',
    person: 'p04',
    watched: { side: 'exit', word: 'refuse' },
  },
  {
    id: 'noor',
    story: 'the entry control refuses after the exit control cleared',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000002',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'NOOR',
    birth: '1990-10-05',
    expiry: '2031-06-30',
    sex: 'F',
    person: 'p05',
    watched: { side: 'entry', word: 'refuse' },
  },
  {
    id: 'ines',
    story: 'the entry control wants an officer to look',
    kindTitle: 'identity card',
    format: 'TD1',
    number: 'X00000003',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'INES',
    birth: '1995-12-24',
    expiry: '2032-12-24',
    sex: 'F',
    person: 'p06',
    watched: { side: 'entry', word: 'refer' },
  },
  {
    id: 'olga',
    story: 'the document has expired',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000004',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'OLGA',
    birth: '1966-05-17',
    expiry: '2024-05-16',
    sex: 'F',
    person: 'p07',
  },
  {
    id: 'rita',
    story: 'nobody has enrolled this document',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000005',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'RITA',
    birth: '1988-03-08',
    expiry: '2030-03-08',
    sex: 'F',
    person: 'p09',
    enrolled: false,
  },
  {
    id: 'tina',
    story: 'another portrait was put into the chip',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000006',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'TINA',
    birth: '1992-09-19',
    expiry: '2033-09-19',
    sex: 'F',
    person: 'p08',
    chip: 'tampered',
  },
  {
    id: 'clara',
    story: 'the chip is a copy that cannot prove itself',
    kindTitle: 'passport',
    format: 'TD3',
    number: 'X00000007',
    state: 'UTO',
    primary: 'SPECIMEN',
    secondary: 'CLARA',
    birth: '1986-11-02',
    expiry: '2031-11-02',
    sex: 'F',
    person: 'p03',
    chip: 'cloned',
  },
];

export const CAST: readonly CastMember[] = HOLDERS.map((holder) => {
  const lines = unwrap(writeMrz(contentOf(holder)));
  const document: SideDocument = {
    kind: holder.format === 'TD3' ? 'passport' : holder.format === 'CS' ? 'exitEntryPermit' : 'identityCard',
    issuingState: holder.state,
    number: holder.number,
    nationality: holder.state,
    birthDate: holder.birth,
    expiryDate: holder.expiry,
    sex: holder.sex,
    name: `${holder.primary} ${holder.secondary}`,
  };
  return {
    id: holder.id,
    title: `${holder.primary} ${holder.secondary}, ${holder.kindTitle}`,
    story: holder.story,
    lines,
    person: holder.person,
    documents: holder.enrolled === false ? null : { exit: document, entry: document },
    watched: holder.watched ?? null,
    // The demonstration's authority signs no Chinese permits.
    chip: holder.chip ?? (holder.state === 'UTO' ? 'genuine' : null),
  };
});

export function castMember(id: string): CastMember {
  const found = CAST.find((member) => member.id === id);
  if (found === undefined) throw new Error(`nobody in the cast is called ${id}`);
  return found;
}

function contentOf(holder: Holder): MrzContent {
  const yymmdd = (iso: string): string => iso.slice(2).replaceAll('-', '');
  const onCard = holder.format === 'CS';
  return {
    format: holder.format,
    documentCode: holder.format === 'TD3' ? 'P' : onCard ? 'CS' : 'I',
    issuingState: holder.state,
    documentNumber: holder.number,
    // A one-line permit prints neither name, sex nor nationality.
    nationality: onCard ? '' : holder.state,
    birthDate: yymmdd(holder.birth),
    sex: onCard ? '' : holder.sex,
    expiryDate: yymmdd(holder.expiry),
    primaryIdentifier: onCard ? '' : holder.primary,
    secondaryIdentifier: onCard ? '' : holder.secondary,
    optionalData: '',
    optionalData2: '',
    nativeName: null,
    longNumberInput: null,
    permit: null,
  };
}
