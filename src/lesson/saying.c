#include "lesson/saying.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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
             "잘모르겠… 모르는데… 이해가안… 이해가잘안… 무슨말인… 어려워… 어렵네… 모름 몰라 몰라요 모릅니다 글쎄 글쎄요"},
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
static const char *const idle[] = {"the", "a",  "an",    "of",      "it",     "is",
                                   "its", "i",  "think", "because", "answer", "답은",
                                   "답",  "그", "제",    "정답은",  "아마"};

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
