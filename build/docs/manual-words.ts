/** Headings of the generated manual pages; everything in their tables comes from the product's own catalogues. */
export const MANUAL_LANGUAGES = ['en', 'zh-Hant'] as const;
export type ManualLanguage = (typeof MANUAL_LANGUAGES)[number];

export interface ManualWords {
  readonly eventsTitle: string;
  readonly stale: string;
  readonly alarms: string;
  readonly alarmsNote: string;
  readonly otherEvents: string;
  readonly referrals: string;
  readonly referralsNote: string;
  readonly outOfService: string;
  readonly screensTitle: string;
  readonly screensNote: string;
  readonly columns: Readonly<
    Record<'code' | 'severity' | 'owner' | 'text' | 'advice' | 'step' | 'title' | 'help' | 'console', string>
  >;
}

export const MANUAL_WORDS: Readonly<Record<ManualLanguage, ManualWords>> = {
  en: {
    eventsTitle: 'Alarms and events',
    stale: 'Written by `node build/docs/manual.ts` from the program itself; a test fails when it is stale.',
    alarms: 'Alarms',
    alarmsNote: 'Each stays on the console until an officer of its owner acknowledges it.',
    otherEvents: 'Other events',
    referrals: 'Why a traveller is sent to an officer',
    referralsNote: 'The reason itself is shown to the owning side only.',
    outOfService: 'What keeps a lane out of service',
    screensTitle: 'What the traveller sees',
    screensNote: 'Each screen in the order of a crossing, and the words the console has for it.',
    columns: {
      code: 'Code',
      severity: 'Severity',
      owner: 'Owner',
      text: 'Text',
      advice: 'What to do',
      step: 'Step',
      title: 'Title',
      help: 'Help',
      console: 'On the console',
    },
  },
  'zh-Hant': {
    eventsTitle: '警報與事件',
    stale: '本頁由 `node build/docs/manual.ts` 從程式本身產生；過時則測試不通過。',
    alarms: '警報',
    alarmsNote: '警報會留在監控台上，直至所屬一方的人員確認。',
    otherEvents: '其他事件',
    referrals: '旅客轉交人員處理的原因',
    referralsNote: '原因只向所屬一方顯示。',
    outOfService: '通道停止服務的原因',
    screensTitle: '旅客所見畫面',
    screensNote: '按通關次序列出各畫面，以及監控台上的對應字句。',
    columns: {
      code: '代碼',
      severity: '級別',
      owner: '所屬',
      text: '內容',
      advice: '處理方法',
      step: '步驟',
      title: '標題',
      help: '說明',
      console: '監控台上',
    },
  },
};
