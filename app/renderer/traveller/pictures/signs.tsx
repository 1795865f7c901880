import { Picture } from './picture.tsx';

/** An officer: cap, head, shoulders. Calm and friendly, the same for every reason. */
export function OfficerPicture() {
  return (
    <Picture name="officer">
      <path className="officer-coat" d="M72 446 v-30 a112 112 0 0 1 112 -112 h112 a112 112 0 0 1 112 112 v30 z" />
      <path className="officer-neck" d="M206 262 h68 v40 l-34 30 l-34 -30 z" />
      <path className="officer-shirt" d="M184 304 L206 292 L240 336 L274 292 L296 304 L240 392 Z" />
      <path className="officer-tie" d="M229 338 h22 l-5 16 l8 34 l-14 16 l-14 -16 l8 -34 z" />
      <path className="officer-badge" d="M326 374 h44" />
      <path className="officer-face" d="M168 166 v32 a72 72 0 0 0 144 0 v-32 z" />
      <path className="officer-smile" d="M214 206 v5 M266 206 v5 M214 240 a34 26 0 0 0 52 0" />
      <path className="officer-cap" d="M140 132 C140 86 186 56 240 56 C294 56 340 86 340 132 L320 156 H160 Z" />
      <path className="officer-visor" d="M156 170 Q240 196 324 170" />
      <circle className="officer-star" cx="240" cy="112" r="15" />
    </Picture>
  );
}

/** Turn round and leave by the way you came in. */
export function GoBackPicture() {
  return (
    <Picture name="go-back">
      <path className="big-arrow" d="M330 430 V210 A95 95 0 0 0 140 210 V380" />
      <path className="big-arrow go-back-head" d="M70 312 L140 386 L210 312" />
    </Picture>
  );
}

/** A raised hand. */
export function StopHandPicture() {
  return (
    <Picture name="stop-hand">
      <g className="hand">
        <path d="M172 250 V130" />
        <path d="M220 230 V88" />
        <path d="M268 230 V98" />
        <path d="M316 250 V142" />
        <path className="hand-thumb" d="M166 338 L112 262" />
        <rect x="150" y="222" width="188" height="196" rx="72" />
      </g>
    </Picture>
  );
}

/** A person walks out through an open door. */
export function LeavePicture() {
  return (
    <Picture name="leave">
      <path className="leave-door" d="M290 436 V56 H440 V436" />
      <path className="leave-floor" d="M30 440 H456" />
      <g className="leave-person">
        <circle className="leave-head" cx="196" cy="128" r="31" />
        <path className="leave-trunk" d="M188 196 L168 282" />
        <path className="leave-limb" d="M172 290 L226 336 L214 418" />
        <path className="leave-limb" d="M166 288 L138 352 L74 372" />
        <path className="leave-arm" d="M194 192 L238 226 L262 204" />
        <path className="leave-arm" d="M182 194 L126 214 L110 266" />
      </g>
      <path className="leave-arrow" d="M330 248 H396 M368 216 L400 248 L368 280" />
    </Picture>
  );
}

/** This lane is closed: a shut gate behind a barrier. */
export function ClosedPicture() {
  return (
    <Picture name="closed">
      <path className="stroke-quiet" d="M24 430 H456" />
      <path className="closed-frame" d="M92 430 V86 a36 36 0 0 1 36 -36 H352 a36 36 0 0 1 36 36 V430" />
      <path className="closed-leaf" d="M240 50 V430" />
      <rect className="closed-bar" x="44" y="212" width="392" height="76" rx="16" />
      <path className="closed-stripes" d="M104 278 L148 222 M196 278 L240 222 M288 278 L332 222 M380 278 L416 232" />
    </Picture>
  );
}

/** Done. */
export function DonePicture() {
  return (
    <Picture name="done">
      <circle className="done-disc" cx="240" cy="240" r="190" />
      <path className="done-mark" d="M146 248 L212 314 L336 178" />
    </Picture>
  );
}
