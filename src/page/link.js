// link: what the page's own address asks for.
//
//     learn.html#lesson+3      lesson 3            learn.html?lang=ko      in Korean
//     learn.html#mine.json     a lesson that stands beside the page
//
//     const { args, file, fault } = await follow();     // fault: a sentence, or nothing
import { say } from './texts.js';
import { MOST, plain, size, WORK } from './luggage.js';

const JOBS = /^(lesson|present|drill|prompt)$/;
const HERE = ['lesson']; // goes on where somebody left off; who is new begins

export async function follow() {
  let asked;
  try {
    asked = decodeURIComponent(location.hash.slice(1));
  } catch {
    asked = location.hash;
  }
  const words = asked.split(/[ +]/).filter(Boolean);
  const odd = (key, values) => ({ args: HERE, fault: say(key, { name: asked, ...values }) });
  if (words.length === 0) return { args: HERE };
  // An option is for whoever types it: --type would solve a student's lesson.
  if (words.some((word) => word.startsWith('-'))) return odd('link.odd');
  if (JOBS.test(words[0])) return { args: words[0] === 'prompt' ? [] : words };
  const url = URL.canParse(asked, location) && new URL(asked, location);
  if (!url || !url.pathname.endsWith('.json')) return odd('link.odd');
  if (location.protocol === 'file:') return odd('link.file');
  if (url.origin !== location.origin) return odd('link.elsewhere');
  try {
    const answer = await fetch(url);
    if (!answer.ok) return odd('link.missing');
    const name = plain(decodeURIComponent(url.pathname.split('/').pop()));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > MOST) return odd('large', { size: size(bytes.length), most: size(MOST) });
    return { args: ['lesson', `./${name}`], file: { name, path: WORK + name, bytes } };
  } catch {
    return odd('link.missing');
  }
}

export function askedLanguage() {
  const lang = new URLSearchParams(location.search).get('lang');
  return lang === 'ko' || lang === 'en' ? lang : null;
}
