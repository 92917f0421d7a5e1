#include "lesson/saying.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/wording.h"

/* ---- what people say instead of a command ---- */

/* To add one: small letters, without spaces and signs; with … it may go on. */
// clang-format off
static const struct {
    const char *command, *words;
} ways[] = {
    {"hint", "hint hints hintplease ahint… anyhint… showmeahint… givemeahint… givemehint… giveahint… ineedahint… canihaveahint… mayihaveahint… hintme ineedhelp… helpme… helpplease… canyouhelp… pleasehelp why whynot idk dunno dontknow idontknow… idonotknow… idontget… "
             "idontunderstand… idonotunderstand… noidea ihavenoidea "
             "notsure imnotsure noclue stuck imstuck 힌트요 힌트주… 힌트줘… 힌트줄… 힌트좀… 힌트를… 힌트하나… 힌트보… 도와… 알려… 왜 왜요 왜죠 왜그래… 모르겠… "
             "잘모르겠… 모르는데… 이해가안… 이해가잘안… 무슨말인… 어려워… 어렵네… 모름 몰라 몰라요 모릅니다 글쎄 글쎄요 "
             "무슨뜻… 뭐예요 뭐에요 뭔가요 뭐야 뭐지 뭐죠 무엇인가요 뭐라고요 이게무슨… 이건무슨… 그게무슨… 그건무슨… 이게뭐… 이건뭐… 이거뭐… 이게무엇… 어떻게해… 어떻게하… 어떡해… "
             "whatdoesthismean… whatdoesitmean… whatdoyoumean… howdoi… whatshouldi… whatdoido…"},
    {"skip", "skip pass skipit skipthis answer theanswer tellmetheanswer showanswer showtheanswer giveup igiveup 패스 스킵 통과 정답 답 답알려… "
             "정답알려… 넘어가… 넘겨… 포기…"},
    {"next", "next continue goon 계속 다음으로 다음이요"},
    {"prev", "prev back goback previous 뒤로 뒤로가기 앞으로가기 이전으로"},
    {"again", "again repeatit oncemore restart 다시요 다시한번 다시할래… 처음부터"},
    {"quit", "quit q exit quitlesson bye stop 그만 그만할… 나갈래… 종료 끝내기"},
};
// clang-format on

const char *saying_wants(const char *line) {
    char *said = wording_letters(line);
    const char *command = *said ? NULL : "hint"; /* nothing but signs: "?" */
    for (size_t i = 0; i < sizeof ways / sizeof *ways && !command; i++) {
        if (wording_is_one_of(said, ways[i].words)) command = ways[i].command;
    }
    free(said);
    return command;
}

const char *saying_last(const char *line) {
    static const char lead[] =
        "저는 나는 전 난 저도 나도 이건 이거 그건 문제 문제는 이 음 "
        "선생님 사실 진짜 정말 well sorry hmm um but and really";
    const char *last = line;
    for (const char *c = line; *c; c++) {
        bool ends = strchr(".!?,", *c) && c[1] == ' ';
        if (ends) last = c + 1 + strspn(c + 1, " ");
    }
    for (size_t n; (n = strcspn(last, " ")) && last[n]; last += n + 1) {
        char *word = mem_copy_n(last, n);
        bool leads = wording_is_one_of(word, lead);
        free(word);
        if (!leads) break;
    }
    return last;
}

/* ---- what is denied, counted, or taken away ---- */

/* Words that say no, words that begin with it in Korean, and those that only seem to:
 * 1 아닌가요? and isn't it 1? mean it. */
static const char *const no_words[] = {"not",   "never",  "except", "wrong", "isnt",
                                       "isn't", "aren't", "cannot", "can't", NULL};
static const char *const no_stems[] = {"아니", "아닌", "아닐",  "아님",  "말고", "빼고",
                                       "제외", "틀리", "지 않", "지 못", NULL};
static const char *const no_but_yes[] = {
    "아닌가", "아닐까",  "아니에요?", "아니죠?", "아니야?",       "않나요",
    "않을까", "않아요?", "isn't it",  "isnt it", "isn\u2019t it", NULL};

/* What a number's word begins with, and what else it may be, alone. */
static const struct {
    const char *begins[3], *alone[4];
} ordinals[] = {{{"첫", "first", "처음"}, {"one", "하나", "일번", "일"}},
                {{"두번째", "second", "둘째"}, {"two", "둘", "이번", "이"}},
                {{"세번째", "third", "셋째"}, {"three", "셋", "삼번", "삼"}},
                {{"네번째", "fourth", "넷째"}, {"four", "넷", "사번", "사"}}};

static const struct {
    const char *word;
    double times;
} units[] = {{"만", 1e4}, {"억", 1e8},      {"천", 1e3},       {"million", 1e6},
             {"%", 0.01}, {"퍼센트", 0.01}, {"percent", 0.01}, {"프로", 0.01}};

static const char *const minus_words[] = {"마이너스", "minus",    "Minus", "음수",
                                          "negative", "Negative", NULL};

static bool is_hangul(const char *s) {
    size_t len;
    uint32_t c = utf8_decode(s, &len);
    return c >= 0xAC00 && c <= 0xD7A3;
}

/* A name may have its particle: h는. */
const char *saying_find(const char *line, const char *name) {
    size_t n = strlen(name);
    for (const char *at = line; at && (at = strstr(at, name)); at += n) {
        bool begins =
            at == line || !(utf8_is_letter(at - 1) || isdigit((unsigned char)at[-1]));
        bool particle = n && (unsigned char)name[n - 1] < 0x80 && is_hangul(at + n);
        bool ends = !utf8_is_letter(at + n) && !isdigit((unsigned char)at[n]);
        if (begins && (ends || particle)) return at;
    }
    return NULL;
}

bool saying_mentions(const char *line, const char *name) {
    return saying_find(line, name) != NULL;
}

bool saying_denies(const char *line) {
    char *small = mem_copy(line);
    bool does = false;
    for (char *c = small; *c; c++) *c = (char)tolower((unsigned char)*c);
    for (int i = 0; no_words[i]; i++) does |= saying_mentions(small, no_words[i]);
    for (int i = 0; no_stems[i]; i++) does |= strstr(small, no_stems[i]) != NULL;
    for (int i = 0; no_but_yes[i]; i++) does &= strstr(small, no_but_yes[i]) == NULL;
    free(small);
    return does;
}

int saying_ordinal(const char *line, bool whole) {
    char *said = wording_words(line);
    int is = -1;
    for (int i = 0; i < (int)(sizeof ordinals / sizeof *ordinals); i++) {
        for (int k = 0; k < 3; k++) {
            const char *begins = ordinals[i].begins[k];
            size_t n = strlen(begins);
            if (strncmp(said, begins, n) != 0) continue;
            bool all = !said[n] || wording_is_one_of(said + n, "번째 one");
            if (all || !whole) is = i;
        }
        for (int k = 0; k < 4; k++) {
            if (strcmp(said, ordinals[i].alone[k]) == 0) is = i;
        }
    }
    free(said);
    return is;
}

double saying_unit(const char *word) {
    word += strspn(word, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strncmp(word, units[i].word, strlen(units[i].word)) == 0)
            return units[i].times;
    }
    return 1;
}

bool saying_minus(const char *from, const char *to) {
    while (to > from && to[-1] == ' ') to--;
    for (int i = 0; minus_words[i]; i++) {
        size_t n = strlen(minus_words[i]);
        if ((size_t)(to - from) >= n && memcmp(to - n, minus_words[i], n) == 0)
            return true;
    }
    return false;
}

/* ---- of what a number is said ---- */

/* Behind the one of these words (ended by NULL) that stands here; NULL: none does. */
static const char *past(const char *at, const char *const *words) {
    for (; *words; words++) {
        size_t n = strlen(*words);
        if (strncasecmp(at, *words, n) == 0) return at + n + strspn(at + n, " ");
    }
    return NULL;
}

/* Takes one of these off the end of a word of *n bytes, which does not become empty. */
static bool drop_end(const char *word, size_t *n, const char *const *ends) {
    for (; *ends; ends++) {
        size_t less = strlen(*ends);
        if (*n <= less || memcmp(word + *n - less, *ends, less) != 0) continue;
        *n -= less;
        return true;
    }
    return false;
}

char *saying_subject(const char *line, const char *root, const char **rest) {
    static const char *const lead[] = {"so ",   "then ",   "and ",    "now ", "the ",
                                       "그럼 ", "그러면 ", "그래서 ", NULL};
    static const char *const slope_of[] = {
        "gradient of ", "gradient at ", "gradient for ",  "slope of ",
        "slope at ",    "slope for ",   "derivative of ", NULL};
    static const char *const value_of[] = {"value of ", NULL};
    static const char *const owners[] = {"의", "'s", NULL};
    static const char *const slopes[] = {"기울기", "gradient",   "slope",
                                         "미분값", "derivative", NULL};
    static const char *const values[] = {"값", "value", NULL};
    static const char *const particles[] = {"은", "는", "이", "가", NULL};
    static const char *const joints[] = {"is ", "equals ", "becomes ", ":", "=", NULL};
    const char *at = line, *to;
    while ((to = past(at, lead))) at = to;
    bool slope = (to = past(at, slope_of)) != NULL;
    if (!slope) to = past(at, value_of);
    if (to) at = to;
    while ((to = past(at, lead))) at = to;
    size_t n = strcspn(at, " :=");
    const char *next = at + n + strspn(at + n, " ");
    bool owner = drop_end(at, &n, owners), joined;
    if ((to = past(next, slopes))) slope = true;
    else if (owner) to = past(next, values);
    if (owner && !to) return NULL;
    if (to) {
        const char *behind = past(to, particles);
        joined = behind != NULL;
        next = joined ? behind : to;
    } else {
        joined = drop_end(at, &n, particles);
    }
    if (!joined && (to = past(next, joints))) joined = true, next = to;
    if (!n || !*next || !(joined || slope)) return NULL;
    *rest = next;
    struct buf name = {0};
    bool derives = memchr(at, '/', n) != NULL;
    if (slope && !derives) buf_printf(&name, "d%s/d", root);
    buf_add_n(&name, at, n);
    return buf_take(&name);
}

/* ---- questions ---- */

static const char *skip_word(const char *s, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++) {
        if (tolower((unsigned char)s[i]) != word[i]) return NULL;
    }
    return s[n] == ' ' ? s + n + strspn(s + n, " ") : NULL;
}

static bool add_topic(struct buf *topic, const char *from, const char *to) {
    while (to > from && strchr(" ?!.,`'\"", to[-1])) to--;
    while (from < to && strchr(" `'\"", *from)) from++;
    buf_add_n(topic, from, (size_t)(to - from));
    return to > from;
}

static bool asks_in_english(const char *line, struct buf *topic) {
    static const char *const begins[] = {"what is",   "what's",  "whats", "what are",
                                         "what does", "explain", "define"};
    static const char *const articles[] = {"the", "a", "an"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        const char *rest = skip_word(line, begins[i]), *more;
        if (!rest) continue;
        for (size_t k = 0; k < sizeof articles / sizeof *articles; k++) {
            if ((more = skip_word(rest, articles[k]))) rest = more;
        }
        const char *mean = strstr(rest, " mean");
        return add_topic(topic, rest, mean ? mean : rest + strlen(rest));
    }
    return false;
}

/* 기울기가 뭐예요? 시냅스란 무엇인가요? */
static bool asks_in_korean(const char *line, struct buf *topic) {
    static const char *const asking[] = {"뭐", "뭔", "무엇", "무슨", "뭘"};
    const char *at = NULL;
    for (size_t i = 0; i < sizeof asking / sizeof *asking && !at; i++) {
        at = strstr(line, asking[i]);
    }
    const char *comma = strstr(line, "란?"); /* 시냅스란? */
    if (!at) at = comma ? comma + strlen("란") : NULL;
    if (!at || at == line) return false;
    struct buf word = {0};
    bool found = add_topic(&word, line, at);
    static const char *const particles[] = {"이란", "란", "이", "가", "은", "는"};
    for (size_t i = 0; found && i < sizeof particles / sizeof *particles; i++) {
        size_t n = strlen(particles[i]);
        if (word.len > n && strcmp(word.data + word.len - n, particles[i]) == 0) {
            word.data[word.len -= n] = '\0';
            break;
        }
    }
    if (found) buf_add(topic, buf_text(&word));
    buf_free(&word);
    return found;
}

bool saying_topic(const char *line, struct buf *topic) {
    size_t n = strlen(line);
    if (asks_in_english(line, topic) || asks_in_korean(line, topic)) return true;
    bool asks = n > 1 && line[n - 1] == '?' && line[0] != '?';
    return asks && saying_is_prose(line) && add_topic(topic, line, line + n);
}

/* 왜 h - y예요? Two words or more, and ? at their end. */
static bool is_question(const char *line) {
    size_t n = strlen(line);
    bool letters = false;
    while (n && line[n - 1] == ' ') n--;
    for (const char *p = line; *p; p++) letters |= (*p & 0x80) || isalpha(*p);
    return letters && line[n - 1] == '?' && memchr(line, ' ', n);
}

bool saying_is_prose(const char *line) {
    if (is_question(line)) return true;
    bool letters = false;
    for (const char *p = line; *p; p++) {
        unsigned char c = (unsigned char)*p;
        letters |= c >= 0x80 || isalpha(c);
        if (c < 0x80 && !isalpha(c) && !strchr(" \t.,!?~'`", c)) return false;
    }
    return letters;
}

bool saying_is_signs(const char *line) {
    bool signs = *line != '\0';
    for (const char *p = line; *p; p++)
        signs &= !utf8_is_letter(p) && !isdigit((unsigned char)*p);
    return signs;
}

bool saying_is_asked(const char *line) {
    size_t n = strlen(line);
    bool ends = n && line[n - 1] == '?';
    return saying_is_prose(line) && (ends || wording_is_verb(line));
}
