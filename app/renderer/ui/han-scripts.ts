/**
 * Characters of one Chinese script that are not written in the other, from the words a border lane uses. For tests that find a
 * sentence left in the wrong script. 后, 个 and 台 are in neither list: they are characters of both.
 */
const PAIRS =
  '請请 證证 裏里 這这 讀读 關关 過过 動动 門门 後后 間间 時时 兩两 護护 員员 協协 會会 閉闭 開开 單单 離离 進进 還还 鏡镜 臉脸 體体 與与 對对 ' +
  '顯显 內内 邊边 從从 監监 檢检 檔档 無无 報报 戶户 轉转 處处 絕绝 嚴严 備备 設设 記记 錄录 資资 認认 選选 擇择 種种 語语 題题 擬拟 驗验 簽签 實实 ' +
  '業业 線线 經经 聯联 繼继 續续 啟启 應应 覆复 覽览 壞坏 沒没 為为 來来 軸轴 淺浅 據据 廢废 棄弃 長长 發发 現现 場场 區区 寫写 誌志';
const pairs = PAIRS.split(' ').map((pair) => [...pair]);
const BOTH = new Set(['后', '个', '台', '里', '志', '复']);
const classOf = (index: 0 | 1) =>
  new RegExp(
    `[${pairs
      .map((pair) => pair[index] ?? '')
      .filter((char) => !BOTH.has(char))
      .join('')}]`,
  );

export const ONLY_TRADITIONAL = classOf(0);
export const ONLY_SIMPLIFIED = classOf(1);
