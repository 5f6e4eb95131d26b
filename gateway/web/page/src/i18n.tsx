// The language in use: Chinese unless somebody chose English before on this device.

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import { en } from './en';
import { zh, type Words } from './zh';

type Language = 'zh' | 'en';
const shelf = 'jieding.language';

function remembered(): Language {
  try {
    return localStorage.getItem(shelf) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh'; // a browser that keeps nothing
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(shelf, language);
  } catch {
    // it will be Chinese again next time
  }
}

interface Speech {
  words: Words;
  other: Words;
  switchLanguage: () => void;
}

const Spoken = createContext<Speech>({ words: zh, other: en, switchLanguage: () => undefined });

export function Speaking(props: { children: ComponentChildren }) {
  const [language, setLanguage] = useState<Language>(remembered);
  const words = language === 'zh' ? zh : en;
  useEffect(() => {
    document.documentElement.lang = words.lang;
  }, [words]);
  const switchLanguage = (): void => {
    const next = language === 'zh' ? 'en' : 'zh';
    remember(next);
    setLanguage(next);
  };
  return (
    <Spoken.Provider value={{ words, other: language === 'zh' ? en : zh, switchLanguage }}>
      {props.children}
    </Spoken.Provider>
  );
}

export const useSpeech = (): Speech => useContext(Spoken);
export const useWords = (): Words => useContext(Spoken).words;
