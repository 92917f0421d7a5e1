// texts: every sentence of the page, English and Korean side by side.
//
//     say('stop')                       // in the page's language
//     say('large', { name, size })      // {name} and {size} are put in
//     speak('ko')                       // the whole page, from now on
//
// In page.html data-say is an element's text, data-label its name for a screen reader,
// data-title what a mouse sees.

const texts = {
  'stop': ['Stop', '멈추기'],
  'stop.title': ['Stops what is running (Ctrl-C)', '돌고 있는 것을 멈춰요 (Ctrl-C)'],
  'pictures': ['Pictures', '그림'],
  'pictures.none': ['What you plot appears here.', 'plot으로 그린 그림이 여기에 나와요.'],
  'pictures.shown': ['Pictures, the newest first', '그림, 새것부터'],
  'picture': ['Picture', '그림'],
  'picture.close': ['Put this picture away', '이 그림 치우기'],
  'picture.svg': ['Keep as SVG', 'SVG로 저장'],
  'picture.png': ['Keep as PNG', 'PNG로 저장'],
  'menu.open': ['Menu', '메뉴'],
  'menu': ['Files and settings', '파일과 설정'],
  'close': ['Close', '닫기'],
  'notices.more': ['And {n} more.', '{n}개 더 있어요.'],
  'notices.close': ['Close all', '모두 닫기'],
  'letters': ['Letters of the terminal', '터미널 글자'],
  'letters.smaller': ['Smaller letters', '글자 작게'],
  'letters.larger': ['Larger letters', '글자 크게'],
  'terminal': ['Terminal; F6 leaves it', '터미널, F6을 누르면 나가요'],
  'keys': ['Keys', '키'],
  'keys.hint': ['hint', '힌트'],
  'keys.enter': ['Enter', 'Enter'],
  'keys.up': ['The line before', '앞에 친 줄'],
  'keys.tab': ['Tab: complete', 'Tab: 마저 쓰기'],

  'home': ['Take home', '가져가기'],
  'home.why': [
    'Your progress and files are kept in this browser alone. Take them along to go on elsewhere.',
    '진도와 파일은 이 브라우저에만 남아요. 다른 곳에서 이어 하려면 가져가세요.'],
  'home.all': ['Everything as one file', '모두 한 파일로'],
  'home.progress': ['progress', '진도'],
  'home.away': ['Remove {name}', '{name} 지우기'],
  'home.remove': ['Remove {name} from this browser?', '이 브라우저에서 {name} 파일을 지울까요?'],
  'bring': ['Bring in', '들여오기'],
  'bring.why': [
    'A table (CSV), a lesson, a script, or what you took home. Or drag it onto the page.',
    '표(CSV), 수업, 스크립트, 또는 전에 가져간 파일이요. 페이지에 끌어다 놓아도 돼요.'],
  'bring.choose': ['Choose a file…', '파일 고르기…'],
  'drop': ['Let go to bring it in', '놓으면 들여와요'],
  'reading': ['Reading', '읽기'],
  'language': ['Language', '언어'],
  'reader': ['For a screen reader', '화면 낭독기에 맞추기'],
  'reader.why': [
    'What the terminal says is read aloud, and nothing is drawn over. Starts the program anew.',
    '터미널에 나오는 글을 읽어 주고, 쓴 글자 위에 덧쓰지 않아요. 프로그램을 다시 시작해요.'],
  'reading.keys': [
    'F6 leads from the terminal to the menu and back; Tab leads on to the pictures.',
    'F6을 누르면 터미널에서 메뉴로, 다시 터미널로 가요. 메뉴에서 Tab을 누르면 그림으로 가요.'],
  'notes': ['For a talk', '발표할 때'],
  'notes.why': [
    'Notes, answers and the clock in a window of its own, for you alone. #present+3 at the end of the address begins a talk.',
    '발표 메모, 답, 시간을 나만 보는 창에 띄워요. 발표는 주소 끝의 #present+3으로 시작해요.'],
  'notes.open': ['Open the notes', '발표 메모 열기'],
  'notes.none': ['The notes to a talk appear here.', '발표 메모가 여기에 나와요.'],
  'notes.title': ['Notes', '발표 메모'],
  'notes.answer': ['Answer', '답'],
  'notes.slips': ['Slips', '흔한 실수'],
  'notes.next': ['Next', '다음'],
  'notes.closed': [
    'The notes are closed: a page was loaded anew.',
    '페이지를 다시 불러와서 발표 메모 창을 닫았어요.'],
  'notes.blocked': [
    'The browser did not let a second window open. Allow it for this page, then try again.',
    '브라우저가 두 번째 창을 막았어요. 이 페이지에 허용하고 다시 해 보세요.'],
  'stays': [
    'Everything stays in this browser. Nothing is sent, nothing is fetched from elsewhere.',
    '모든 것이 이 브라우저 안에만 있어요. 아무것도 보내지 않고, 다른 곳에서 받지도 않아요.'],
  'licence': ['Free software, GPL-3.0-or-later.', '자유 소프트웨어, GPL-3.0-or-later.'],
  'licences': ['Licences and sources', '라이선스와 소스'],

  'here': ['{name} is here.', '{name} 파일이 들어왔어요.'],
  'here.type': ['{name} is here. To use it: {line}', '{name} 파일이 들어왔어요. 쓰려면: {line}'],
  'type': ['Type it', '입력하기'],
  'there': [
    'There is a {name} already, and it is not the same. Replace it?',
    '{name} 파일이 이미 있고, 내용이 달라요. 바꿀까요?'],
  'replace': ['Replace', '바꾸기'],
  'leave': ['Leave it', '그대로 두기'],
  'restore': [
    'This puts the progress of {name} in place of the progress that this browser keeps, and starts the program anew.',
    '이 브라우저에 있는 진도를 {name} 파일의 것으로 바꾸고, 프로그램을 다시 시작해요.'],
  'restore.all': [
    'This puts the progress and files of {name} in place of all that this browser keeps, and starts the program anew. What is only here is lost.',
    '이 브라우저에 있는 진도와 파일을 모두 {name} 파일의 것으로 바꾸고, 프로그램을 다시 시작해요. 여기에만 있는 것은 사라져요.'],
  'restored': ['Back again, from {name}.', '{name} 파일에서 되살렸어요.'],
  'large': [
    '{name} has {size}. A file of up to {most} can be brought in; nothing has changed.',
    '{name} 파일은 {size}예요. {most}까지 들여올 수 있어요. 바뀐 것은 없어요.'],
  'unread': [
    '{name} could not be read; nothing has changed. Is it still there, and not a folder?',
    '{name} 파일을 읽지 못했어요. 바뀐 것은 없어요. 그 자리에 있는지, 폴더는 아닌지 보세요.'],
  'sheet': [
    '{name} is a workbook, which learn cannot read. Save its sheet as CSV (UTF-8), and bring that.',
    '{name} 파일은 통합 문서라서 learn이 읽지 못해요. 시트를 CSV(UTF-8)로 저장해서 들여오세요.'],
  'no-archive': [
    '{name} is no file that was taken home from here: {why}. Nothing has changed.',
    '{name} 파일은 여기서 가져간 것이 아니에요: {why}. 바뀐 것은 없어요.'],
  'archive.broken': ['it is damaged', '파일이 깨졌어요'],
  'archive.empty': ['nothing of learn is in it', 'learn의 것이 들어 있지 않아요'],

  'kept.nowhere': [
    'This browser keeps nothing of this page (a private window, perhaps). Take your progress home before you close it.',
    '이 브라우저는 이 페이지의 것을 남기지 않아요 (비공개 창일 수 있어요). 닫기 전에 진도를 가져가세요.'],
  'kept.full': [
    'The browser has no room left: what you do is not kept since {time}. Take it home, or free some room.',
    '브라우저에 자리가 없어서 {time}부터는 진도가 남지 않아요. 가져가거나 자리를 비워 주세요.'],
  'kept.large': [
    '{name} has {size}: files of more than {most} are here only until this page is closed.',
    '{name} 파일은 {size}예요. {most}보다 큰 파일은 이 페이지를 닫으면 사라져요.'],
  'kept.behind': [
    'learn has gone on in another tab. What is done here is not kept any more, so that nothing there is lost.',
    '다른 탭에서 learn을 이어서 했어요. 그쪽 진도를 지키려고, 여기서 하는 것은 이제 남기지 않아요.'],
  'kept.reload': ['Go on here', '여기서 이어 하기'],
  'kept.take': ['Take home', '가져가기'],

  'over': ['The program has ended. Your progress is kept.', '프로그램이 끝났어요. 진도는 남아 있어요.'],
  'over.wrong': [
    'The program could not do what was asked; it says why above. Your progress is kept.',
    '프로그램이 시킨 일을 하지 못했어요. 이유는 위에 있어요. 진도는 남아 있어요.'],
  'over.failed': [
    'The program has ended by a fault of its own (status {status}). What was kept is still there.',
    '프로그램이 스스로의 결함으로 끝났어요 (상태 {status}). 남겨 둔 것은 그대로 있어요.'],
  'again': ['Start again', '다시 시작'],

  'link.file': [
    'A page opened from a file cannot fetch {name}. Drag the lesson onto the page instead.',
    '파일로 연 페이지는 {name} 수업을 가져올 수 없어요. 그 파일을 페이지에 끌어다 놓으세요.'],
  'link.elsewhere': [
    '{name} is on another server, and this page fetches only from its own.',
    '{name} 수업은 다른 서버에 있어요. 이 페이지는 자기 서버에서만 가져와요.'],
  'link.missing': [
    '{name} is not there beside the page (or the server does not answer).',
    '{name} 수업이 페이지 옆에 없어요 (아니면 서버가 대답하지 않아요).'],
  'link.odd': [
    'The address asks for “{name}”, which this page does not do: #lesson+3 opens lesson 3.',
    '주소의 ‘{name}’은(는) 이 페이지가 모르는 말이에요. #lesson+3이면 3번 수업을 열어요.'],

  'no-wasm': [
    'This browser has no WebAssembly, which the program needs. A Chrome, Edge, Firefox or Safari of today has it.',
    '이 브라우저에는 프로그램에 필요한 웹어셈블리가 없어요. 요즘의 크롬, 엣지, 파이어폭스, 사파리에는 있어요.'],
  'no-wait': [
    'This browser cannot let a program wait for a key (it has no WebAssembly.Suspending). Chrome and Edge from 137 can, and Firefox from 153.',
    '이 브라우저에서는 프로그램이 키를 기다릴 수 없어요 (WebAssembly.Suspending이 없어요). 크롬과 엣지는 137판, 파이어폭스는 153판부터 할 수 있어요.'],
  'no-memory': [
    'The browser gives the program no memory. Close other tabs, then open the page again.',
    '브라우저가 프로그램에 메모리를 주지 않아요. 다른 탭을 닫고 페이지를 다시 여세요.'],
  'failed': [
    'The program cannot go on in this browser ({why}). What was kept is still there: open the page again.',
    '이 브라우저에서 프로그램이 나아가지 못해요 ({why}). 남겨 둔 것은 그대로 있으니 페이지를 다시 여세요.'],
  'no-parts': [
    'A part of the program did not come ({why}). Open the page again.',
    '프로그램의 한 부분이 오지 않았어요 ({why}). 페이지를 다시 여세요.'],
};

let language = 'en';

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A sentence in the page's language; `both` gives both, for whom nothing is known of.
export const say = (key, values = {}) => fill(texts[key][+(language === 'ko')], values);
export const both = (key, values = {}) => texts[key].map((text) => fill(text, values));
export const spoken = () => language;

export function speak(lang) {
  language = lang;
  document.documentElement.lang = lang;
  for (const e of document.querySelectorAll('[data-say]')) e.textContent = say(e.dataset.say);
  for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', say(e.dataset.label));
  for (const e of document.querySelectorAll('[data-title]')) e.title = say(e.dataset.title);
}
