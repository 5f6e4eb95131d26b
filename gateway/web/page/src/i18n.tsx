// The language in use: that of the first HTML, which the box chose from the same cookie, the address
// or the browser's wish; Chinese where the page came without it and nobody chose English before.

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import { en } from './en';
import { standsFirst } from './first_html';
import { zh, type Words } from './zh';

type Language = 'zh' | 'en';
const cookie = 'jieding_language';

function remembered(): Language {
  if (standsFirst()) return document.documentElement.lang === 'en' ? 'en' : 'zh';
  return document.cookie.split('; ').includes(`${cookie}=en`) ? 'en' : 'zh';
}

/// What the address asked for would come back at the next visit: it asks no more.
function remember(language: Language): void {
  const address = new URL(window.location.href);
  if (address.searchParams.has('lang')) {
    address.searchParams.delete('lang');
    history.replaceState(null, '', address.pathname + address.search + address.hash);
  }
  document.cookie = `${cookie}=${language}; Max-Age=31536000; Path=/; SameSite=Lax`;
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
