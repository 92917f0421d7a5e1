#include "lesson/saying.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "syntax/normalise.h"

/* ---- what people say instead of a command ---- */

/* To add one: small letters, without spaces and signs; with … it may go on. */
// clang-format off
static const struct {
    const char *command, *words;
} ways[] = {
    {"hint", "hint hints hintplease helpme… helpplease… canyouhelp… pleasehelp why whynot idk dunno dontknow idontknow… idonotknow… idontget… "
             "idontunderstand… idonotunderstand… noidea ihavenoidea "
             "notsure imnotsure noclue stuck imstuck 힌트요 힌트주… 도와… 알려… 왜 왜요 왜죠 왜그래… 모르겠… "
             "잘모르겠… 모르는데… 이해가안… 이해가잘안… 무슨말인… 어려워… 어렵네… 모름 몰라 몰라요 모릅니다 글쎄 글쎄요 "
             "무슨뜻… 이게무슨… 이건무슨… 그게무슨… 그건무슨… 이게뭐… 이건뭐… 이거뭐… 이게무엇… 어떻게해… 어떻게하… 어떡해… "
             "whatdoesthismean… whatdoesitmean… whatdoyoumean… howdoi… whatshouldi… whatdoido…"},
    {"skip", "skip pass skipit skipthis answer theanswer tellmetheanswer showanswer showtheanswer giveup igiveup 패스 스킵 통과 정답 답 답알려… "
             "정답알려… 넘어가… 넘겨… 포기…"},
    {"next", "next continue goon 계속 다음으로 다음이요"},
    {"prev", "prev back goback previous 뒤로 뒤로가기 앞으로가기 이전으로"},
    {"again", "again repeatit oncemore restart 다시요 다시한번 다시할래… 처음부터"},
    {"quit", "quit q exit quitlesson bye stop 그만 그만할… 나갈래… 종료 끝내기"},
};
// clang-format on

static bool is_one_of(const char *said, const char *words) {
    size_t n = strlen(said);
    for (const char *w = words; *w; w += strspn(w, " ")) {
        size_t len = strcspn(w, " ");
        const char *more = "…";
        bool open = len > strlen(more) &&
                    memcmp(w + len - strlen(more), more, strlen(more)) == 0;
        size_t least = open ? len - strlen(more) : len;
        if (n >= least && memcmp(said, w, least) == 0 && (open || n == least))
            return true;
        w += len;
    }
    return false;
}

const char *saying_wants(const char *line) {
    char *said = saying_letters(line);
    const char *command = *said ? NULL : "hint"; /* nothing but signs: "?" */
    for (size_t i = 0; i < sizeof ways / sizeof *ways && !command; i++) {
        if (is_one_of(said, ways[i].words)) command = ways[i].command;
    }
    free(said);
    return command;
}

/* ---- what is denied, counted, or taken away ---- */

/* Words that say no, words that begin with it in Korean, and those that only seem to:
 * 1 아닌가요? and isn't it 1? mean it. */
static const char *const no_words[] = {"not",   "never",  "except", "wrong", "isnt",
                                       "isn't", "aren't", "cannot", "can't", NULL};
static const char *const no_stems[] = {"아니", "아닌", "아닐", "아님", "말고",
                                       "빼고", "제외", "틀리", NULL};
static const char *const no_but_yes[] = {
    "아닌가", "아니에요?", "아니야?", "isn't it", "isnt it", "isn\u2019t it", NULL};

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
} units[] = {{"만", 1e4}, {"억", 1e8},      {"천", 1e3},      {"million", 1e6},
             {"%", 0.01}, {"퍼센트", 0.01}, {"percent", 0.01}};

static const char *const minus_words[] = {"마이너스", "minus", "음수", NULL};

bool saying_mentions(const char *line, const char *name) {
    size_t n = strlen(name);
    for (const char *at = line; at && (at = strstr(at, name)); at += n) {
        bool begins =
            at == line || !(utf8_is_letter(at - 1) || isdigit((unsigned char)at[-1]));
        if (begins && !utf8_is_letter(at + n) && !isdigit((unsigned char)at[n]))
            return true;
    }
    return false;
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

int saying_ordinal(const char *line) {
    char *said = saying_words(line);
    int is = -1;
    for (int i = 0; i < (int)(sizeof ordinals / sizeof *ordinals); i++) {
        for (int k = 0; k < 3; k++) {
            const char *begins = ordinals[i].begins[k];
            if (strncmp(said, begins, strlen(begins)) == 0) is = i;
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

/* ---- letters and words ---- */

static bool is_mark(uint32_t c) {
    return c < 0x80 ? strchr(" \t.,!?~\"'`:;()", (int)c) != NULL
                    : c == 0x2019 || c == 0x2018 || c == 0x2026 || c == 0x3002;
}

char *saying_letters(const char *line) {
    struct buf b = {0};
    size_t len;
    char *clean = normalise(line); /* a choice copied as it is shown: h·(1 − h) */
    const char *at = clean;
    for (uint32_t c; (c = utf8_decode(at, &len)); at += len) {
        if (is_mark(c)) continue;
        utf8_encode(&b, c < 0x80 ? (uint32_t)tolower((int)c) : c);
    }
    free(clean);
    buf_add(&b, "");
    return buf_take(&b);
}

/* What may stand behind a Korean word; the longer ones first. */
static const char *const endings[] = {"이라고생각해요",
                                      "라고생각해요",
                                      "것같아요",
                                      "같아요",
                                      "이었어요",
                                      "이에요",
                                      "이예요",
                                      "입니다",
                                      "에요",
                                      "예요",
                                      "이요",
                                      "이죠",
                                      "이다",
                                      "이야",
                                      "에서",
                                      "으로",
                                      "요",
                                      "야",
                                      "을",
                                      "를",
                                      "이",
                                      "가",
                                      "은",
                                      "는",
                                      "의",
                                      "도",
                                      "와",
                                      "과",
                                      "로",
                                      "에"};
static const char *const idle[] = {
    "the",    "a",        "an",      "of",     "it",   "is",     "its",
    "i",      "think",    "because", "answer", "답은", "we",     "you",
    "change", "changing", "답",      "그",     "제",   "정답은", "아마"};

static bool is_idle(const char *word, size_t n) {
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) {
        if (strlen(idle[i]) == n && memcmp(idle[i], word, n) == 0) return true;
    }
    return false;
}

static size_t without_ending(const char *word, size_t n) {
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (n > len && memcmp(word + n - len, endings[i], len) == 0) return n - len;
    }
    return n;
}

/* The length of a word without what bends it; something always stays. Twice, since what
 * looks like a particle may be the word's own: 강도 and 강도예요 must come to the
 * same. */
static size_t stem_of(const char *word, size_t n) {
    bool latin = isalpha((unsigned char)word[n - 1]);
    if (!latin) return without_ending(word, without_ending(word, n));
    return n > 3 && word[n - 1] == 's' && word[n - 2] != 's' ? n - 1 : n;
}

char *saying_words(const char *line) {
    struct buf b = {0}, all = {0};
    for (const char *p = line; *p;) {
        struct buf word = {0};
        size_t n = strcspn(p, " \t\r\n");
        buf_add_n(&word, p, n);
        char *said = saying_letters(buf_text(&word));
        size_t len = strlen(said);
        buf_add(&all, said);
        if (len && !is_idle(said, len)) buf_add_n(&b, said, stem_of(said, len));
        free(said);
        buf_free(&word);
        p += n + strspn(p + n, " \t\r\n");
    }
    if (!b.len)
        buf_add(&b, buf_text(&all)); /* "a" is an answer where nothing else is */
    buf_free(&all);
    return buf_take(&b);
}

/* ---- word by word ---- */

/* The next word from *at on, small and without signs; NULL: there is none. */
static char *next_word(const char **at) {
    while (**at) {
        size_t n = strcspn(*at, " \t\r\n");
        char *word = mem_copy_n(*at, n), *said = saying_letters(word);
        *at += n + strspn(*at + n, " \t\r\n");
        free(word);
        if (*said) return said;
        free(said);
    }
    return NULL;
}

/* How many bytes two words have in common from their beginning; Hangul's letters are
 * taken apart, so that 커져 and 커진 have ㅋㅓㅈ. */
static bool begin_alike(const char *a, const char *b) {
    enum { LETTERS = 3 };
    size_t least = utf8_has_hangul(a) ? utf8_syllable(a) + 1 : LETTERS;
    size_t same = utf8_common(a, b), whole = utf8_common(a, a);
    if (least < LETTERS) least = LETTERS;
    bool bends = utf8_has_hangul(a) && same >= least;
    bool within = same == whole || same == utf8_common(b, b); /* small, smaller */
    return bends || (within && same >= LETTERS);
}

static bool is_alike(char *a, char *b) {
    a[stem_of(a, strlen(a))] = b[stem_of(b, strlen(b))] = '\0';
    return strcmp(a, b) == 0 || begin_alike(a, b);
}

/* Takes the word. */
static bool has_alike(const char *text, char *word) {
    bool has = false;
    for (char *other; !has && (other = next_word(&text)); free(other)) {
        has = is_alike(word, other);
    }
    free(word);
    return has;
}

bool saying_within(const char *line, const char *text) {
    int n = 0;
    for (char *word; (word = next_word(&line));) {
        bool idle_one = is_idle(word, strlen(word));
        if (idle_one) free(word);
        else if (!has_alike(text, word)) return false;
        else n++;
    }
    return n > 0;
}

/* 조절해요, but not 가중치예요: what is said of the answer, not the answer. */
static bool is_verb(const char *word) {
    static const char *const ends[] = {"요", "니다", NULL};
    static const char *const copulas[] = {"예요", "에요", "이요", "입니다", NULL};
    size_t n = strlen(word);
    bool is = false;
    for (int i = 0; ends[i]; i++) {
        size_t len = strlen(ends[i]);
        is |= n > len && strcmp(word + n - len, ends[i]) == 0;
    }
    for (int i = 0; copulas[i]; i++) {
        size_t len = strlen(copulas[i]);
        is &= !(n >= len && strcmp(word + n - len, copulas[i]) == 0);
    }
    return is;
}

char *saying_beyond(const char *line, const char *question) {
    struct buf b = {0};
    for (char *word; (word = next_word(&line));) {
        bool said_of = !*line && is_verb(word);
        if (!said_of && !has_alike(question, mem_copy(word))) {
            buf_printf(&b, "%s%s", b.len ? " " : "", word);
        }
        free(word);
    }
    buf_add(&b, "");
    return buf_take(&b);
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

bool saying_is_prose(const char *line) {
    bool letters = false;
    for (const char *p = line; *p; p++) {
        unsigned char c = (unsigned char)*p;
        letters |= c >= 0x80 || isalpha(c);
        if (c < 0x80 && !isalpha(c) && !strchr(" \t.,!?~'`", c)) return false;
    }
    return letters;
}

bool saying_is_asked(const char *line) {
    size_t n = strlen(line);
    bool ends = n && line[n - 1] == '?';
    return saying_is_prose(line) && (ends || is_verb(line));
}
