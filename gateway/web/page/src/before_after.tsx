// Two pictures of one camera in the same place: a line between them that can be moved, or both at once.

import { useState } from 'preact/hooks';

import { evidenceAddress } from './api';
import { EvidenceImage } from './evidence_image';
import { useWords } from './i18n';

export function BeforeAfter(props: { before: string; after: string; alt: string }) {
  const words = useWords();
  const [line, setLine] = useState(50);
  const [blended, setBlended] = useState(false);
  const clipped = blended ? { opacity: 0.5 } : { clipPath: `inset(0 0 0 ${line}%)` };
  return (
    <div class="before-after">
      <div class="before-after-stage">
        <EvidenceImage src={evidenceAddress(props.before)} alt={`${props.alt} · ${words.before}`} />
        <EvidenceImage class="before-after-over" src={evidenceAddress(props.after)} alt={`${props.alt} · ${words.after}`} style={clipped} />
        {blended ? null : <span class="before-after-line" style={{ left: `${line}%` }} aria-hidden="true" />}
      </div>
      <div class="before-after-tools">
        <span aria-hidden="true">{words.before}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={line}
          disabled={blended}
          aria-label={words.history.slider}
          aria-valuetext={words.history.halves(line)}
          onInput={(event) => setLine(Number(event.currentTarget.value))}
        />
        <span aria-hidden="true">{words.after}</span>
        <label class="toggle">
          <input type="checkbox" checked={blended} onChange={(event) => setBlended(event.currentTarget.checked)} />
          <span>{words.history.blend}</span>
        </label>
      </div>
    </div>
  );
}
