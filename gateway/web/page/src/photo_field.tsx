// Photos in a form: each goes to the box at once and is shown as the box keeps it, people pixelated.

import { useId, useState } from 'preact/hooks';

import { evidenceAddress, Refused } from './api';
import { EvidenceImage } from './evidence_image';
import { bringPhoto } from './finding';
import { useWords } from './i18n';
import { fitForTheWay, NotAPhoto } from './photo';
import { sayFailure } from './say_failure';
import type { Words } from './zh';

const most = 4;

export function PhotoField(props: {
  label: string;
  photos: string[];
  change: (photos: string[]) => void;
  csrf: string;
}) {
  const words = useWords();
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const { photos } = props;

  const bring = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (file === undefined) return;
    setBusy(true);
    setFault('');
    try {
      const name = await bringPhoto(await fitForTheWay(file), props.csrf);
      if (name !== '' && !photos.includes(name)) props.change([...photos, name]);
    } catch (error) {
      setFault(whyNot(words, error));
    } finally {
      setBusy(false);
      input.value = ''; // the same file may be chosen again
    }
  };
  return (
    <fieldset class="photo-field">
      <legend>{props.label}</legend>
      {photos.length >= most ? null : (
        <label class="plain photo-take">
          <input
            class="visually-hidden"
            type="file"
            accept="image/*"
            disabled={busy}
            aria-describedby={`${id}-told`}
            onChange={(event) => void bring(event.currentTarget)}
          />
          {words.findings.takePhoto}
        </label>
      )}
      <p class={fault === '' ? 'muted' : 'result result-bad'} id={`${id}-told`} role="status">
        {busy ? words.findings.bringing : fault !== '' ? fault : photos.length > 0 ? words.findings.masked : ''}
      </p>
      <ul class="thumbnails">
        {photos.map((name, index) => (
          <li key={name}>
            <span class="thumbnail">
              <EvidenceImage src={evidenceAddress(name)} alt={words.findings.photo(index + 1)} />
            </span>
            <button
              type="button"
              class="plain photo-remove"
              onClick={() => props.change(photos.filter((one) => one !== name))}
            >
              {words.findings.remove}
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function whyNot(words: Words, error: unknown): string {
  if (error instanceof NotAPhoto) return words.findings.notAPhoto;
  const reason = error instanceof Refused && error.status === 400 ? error.message.split(': ').pop() : undefined;
  if (reason !== undefined) return words.findings.photoRefused(words.reasons[reason] ?? reason);
  return sayFailure(words, error);
}
