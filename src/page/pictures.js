// pictures: the column beside the terminal.
//
//     const pictures = openPictures();
//     pictures.add({ svg, title, text, frame });   // frame 1, 2, …: in the place of the one before
//     pictures.all();                             // [{name, svg}]
//
// An SVG is shown as an image: a browser runs nothing in it and fetches nothing for it.
import { button, element } from './notices.js';
import { say } from './texts.js';

const MOST = 24; // the oldest go

export function save(name, bytes, type) {
  const a = element('a');
  a.href = URL.createObjectURL(new Blob([bytes], { type }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

const TYPE = 'image/svg+xml';

// As large as a slide, on white.
async function png(image) {
  const canvas = element('canvas');
  const scale = 1600 / image.naturalWidth;
  canvas.width = 1600;
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((yes) => canvas.toBlob(yes));
}

const fileName = (title) => title.replace(/[^\p{L}\p{N}.=-]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'picture';

export function openPictures() {
  const gallery = document.getElementById('gallery');
  const none = document.getElementById('no-pictures');
  const toggle = document.getElementById('column');
  const unseen = document.getElementById('unseen');
  let shown = []; // {figure, image, svg, name, caption}, the newest first
  let animated = null; // whose frames come one after the other, even when put away
  let missed = 0;

  const open = () => toggle.getAttribute('aria-expanded') === 'true';
  const count = () => {
    missed = open() ? 0 : missed;
    unseen.hidden = missed === 0;
    unseen.textContent = missed;
    none.hidden = shown.length > 0;
  };

  toggle.onclick = () => {
    toggle.setAttribute('aria-expanded', String(!open()));
    document.body.classList.toggle('alone', !open());
    count();
  };

  const remove = (one) => {
    URL.revokeObjectURL(one.image.src);
    one.figure.remove();
    shown = shown.filter((other) => other !== one);
    count();
  };

  const show = (one, { svg, title, text }) => {
    URL.revokeObjectURL(one.image.src);
    one.svg = svg;
    one.name = fileName(title || say('picture'));
    one.image.src = URL.createObjectURL(new Blob([svg], { type: TYPE }));
    one.image.alt = text || title || say('picture');
    one.caption.textContent = title || say('picture');
  };

  const hang = () => {
    const one = { image: element('img'), caption: element('span') };
    const tools = element('span',
      button('SVG', () => save(`${one.name}.svg`, one.svg, TYPE)),
      button('PNG', async () => save(`${one.name}.png`, await png(one.image))),
      button('×', () => remove(one)));
    ['picture.svg', 'picture.png', 'picture.close'].forEach((key, i) => {
      tools.children[i].setAttribute('aria-label', say(key));
      tools.children[i].title = say(key);
    });
    one.figure = element('figure', one.image, element('figcaption', one.caption, tools));
    gallery.prepend(one.figure);
    shown.unshift(one);
    if (shown.length > MOST) remove(shown.at(-1));
    missed++;
    return one;
  };

  return {
    add(picture) {
      if (!(picture.frame > 0 && animated)) animated = hang();
      show(animated, picture);
      count();
    },
    all: () => shown.map(({ name, svg }) => ({ name, svg })).reverse(),
  };
}
