// link: what the page's own address asks for.
//
//     learn.html#lesson+3      lesson 3            learn.html?lang=ko      in Korean
//     learn.html#mine.json     a lesson that stands beside the page
//
//     const { args, files, fault } = await follow();    // fault: a sentence, or nothing
import { say } from './texts.js';
import { WORK } from './luggage.js';

const JOBS = /^(lesson|present|drill|review|challenges|prompt)$/;
const HERE = ['lesson']; // goes on where somebody left off; who is new begins

export async function follow() {
  let asked;
  try {
    asked = decodeURIComponent(location.hash.slice(1));
  } catch {
    asked = location.hash;
  }
  const words = asked.split(/[ +]/).filter(Boolean);
  const odd = (key) => ({ args: HERE, files: [], fault: say(key, { name: asked }) });
  if (words.length === 0) return { args: HERE, files: [] };
  if (JOBS.test(words[0])) return { args: words[0] === 'prompt' ? [] : words, files: [] };
  if (!/\.json$/.test(asked)) return odd('link.odd');

  const url = new URL(asked, location);
  if (location.protocol === 'file:') return odd('link.file');
  if (url.origin !== location.origin) return odd('link.elsewhere');
  try {
    const answer = await fetch(url);
    if (!answer.ok) return odd('link.missing');
    const name = decodeURIComponent(url.pathname.split('/').pop()).replace(/[^\p{L}\p{N}._-]/gu, '_');
    const files = [{ path: WORK + name, bytes: new Uint8Array(await answer.arrayBuffer()) }];
    return { args: ['lesson', `./${name}`], files };
  } catch {
    return odd('link.missing');
  }
}

export function askedLanguage() {
  const lang = new URLSearchParams(location.search).get('lang');
  return lang === 'ko' || lang === 'en' ? lang : null;
}
