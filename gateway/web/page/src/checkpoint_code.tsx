// A checkpoint to carry away: whoever scans it holds what the record was, on another device than this one.

import { correction, generate } from 'lean-qr';

const quiet = 4; // modules of white around it (ISO/IEC 18004, 5.3.8)

export function CheckpointCode(props: { note: string; label: string }) {
  const code = generate(props.note, { minCorrectionLevel: correction.L });
  const rows = Array.from({ length: code.size }, (_, y) =>
    Array.from({ length: code.size }, (_, x) => (code.get(x, y) ? `M${x} ${y}h1v1h-1z` : '')).join(''),
  );
  const whole = code.size + 2 * quiet;
  return (
    <svg class="checkpoint-code" viewBox={`${-quiet} ${-quiet} ${whole} ${whole}`} role="img" aria-label={props.label}>
      <path class="checkpoint-ground" d={`M${-quiet} ${-quiet}h${whole}v${whole}h${-whole}z`} />
      <path class="checkpoint-dark" d={rows.join('')} />
    </svg>
  );
}
