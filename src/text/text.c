#include "text/text.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "base/near.h"
#include "base/utf8.h"
#include "text/words.h"

/* The parsed files own every string; `sentences` borrows them. */
struct sentence {
    const char *in[TEXT_LANGS];
};

struct text {
    enum text_lang lang;
    cJSON **files;
    size_t file_count;
    struct sentence *sentences;
    size_t count, cap;
    struct map keys; /* key → index in sentences */
    struct text_word *words;
    size_t word_count;
    struct map ideas; /* a word of the glossary, in lower case → index in words */
    struct arena *arena;
};

/* ---- opening ---- */

static const char *string_of(const cJSON *object, const char *name) {
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(s) ? s->valuestring : NULL;
}

static void read_sentences(struct text *t, const cJSON *file) {
    const cJSON *item;
    cJSON_ArrayForEach(item, file) {
        if (t->count == t->cap) {
            t->cap = t->cap ? t->cap * 2 : 256;
            t->sentences = mem_grow(t->sentences, t->cap, sizeof *t->sentences);
        }
        struct sentence s = {{string_of(item, "en"), string_of(item, "ko")}};
        map_set(&t->keys, item->string, (int)t->count);
        t->sentences[t->count++] = s;
    }
}

static char *lower_case(struct arena *a, const char *s) {
    char *low = arena_copy(a, s);
    for (char *p = low; *p; p++) {
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
    }
    return low;
}

static void add_idea(struct text *t, const char *word, size_t index) {
    if (word) map_set(&t->ideas, lower_case(t->arena, word), (int)index);
}

static void read_glossary(struct text *t, const cJSON *file) {
    const cJSON *item, *also;
    t->words = mem_alloc((size_t)cJSON_GetArraySize(file) + 1, sizeof *t->words);
    cJSON_ArrayForEach(item, file) {
        struct text_word w = {string_of(item, "en"), string_of(item, "ko"),
                              string_of(item, "en_means"), string_of(item, "ko_means")};
        assert(w.en && w.ko && w.en_means && w.ko_means);
        add_idea(t, w.en, t->word_count);
        add_idea(t, w.ko, t->word_count);
        cJSON_ArrayForEach(also, cJSON_GetObjectItemCaseSensitive(item, "also")) {
            add_idea(t, also->valuestring, t->word_count);
        }
        t->words[t->word_count++] = w;
    }
}

/* A node or a string that cJSON could not get would be missing from a file that it
 * reads or writes, without a word. The words are the first JSON that is read. */
static void never_run_short(void) {
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = mem_bytes, .free_fn = free});
}

struct text *text_open(enum text_lang lang) {
    never_run_short();
    struct text *t = mem_alloc(1, sizeof *t);
    t->lang = lang;
    t->arena = arena_new();
    size_t n = 0;
    while (words_files[n].name) n++;
    t->files = mem_alloc(n, sizeof *t->files);
    for (size_t i = 0; i < n; i++) {
        cJSON *file = cJSON_Parse(words_files[i].json);
        assert(file); /* a word file that is no JSON: a test looks at each */
        t->files[t->file_count++] = file;
        if (cJSON_IsArray(file)) read_glossary(t, file);
        else read_sentences(t, file);
    }
    return t;
}

void text_close(struct text *t) {
    if (!t) return;
    for (size_t i = 0; i < t->file_count; i++) cJSON_Delete(t->files[i]);
    free(t->files);
    free(t->sentences);
    free(t->words);
    map_free(&t->keys);
    map_free(&t->ideas);
    arena_free(t->arena);
    free(t);
}

/* ---- language ---- */

enum text_lang text_lang(const struct text *t) { return t->lang; }

void text_set_lang(struct text *t, enum text_lang lang) { t->lang = lang; }

static const char *const lang_names[TEXT_LANGS] = {"en", "ko"};

const char *text_lang_name(enum text_lang lang) { return lang_names[lang]; }

static bool is_korean(const char *s) { return strncmp(s, "ko", 2) == 0; }

enum text_lang text_choose(const char *option, const char *saved) {
    const char *said[] = {option, saved, getenv("LC_ALL"), getenv("LC_MESSAGES"),
                          getenv("LANG")};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (said[i] && *said[i]) return is_korean(said[i]) ? TEXT_KO : TEXT_EN;
    }
    return TEXT_EN;
}

/* ---- Korean particles ---- */

enum sound { SOUND_VOWEL, SOUND_RIEUL, SOUND_CONSONANT };

/* 영 일 이 삼 사 오 육 칠 팔 구 */
static enum sound digit_sound(char digit) {
    static const enum sound sounds[10] = {
        SOUND_CONSONANT, SOUND_RIEUL,     SOUND_VOWEL, SOUND_CONSONANT, SOUND_VOWEL,
        SOUND_VOWEL,     SOUND_CONSONANT, SOUND_RIEUL, SOUND_RIEUL,     SOUND_VOWEL};
    return sounds[digit - '0'];
}

/* How the number that ends at `end` sounds: 십 백 천 만 억 end in a consonant, 조
 * (10^12) in a vowel; decimals are read digit by digit. */
static enum sound number_sound(const char *s, size_t end) {
    size_t first = end, zeros = 0;
    while (first > 0 && s[first - 1] >= '0' && s[first - 1] <= '9') first--;
    while (zeros < end - first && s[end - 1 - zeros] == '0') zeros++;
    bool decimal = first > 1 && s[first - 1] == '.';
    if (decimal || zeros == 0) return digit_sound(s[end - 1]);
    return zeros >= 12 && zeros < 16 && zeros < end - first ? SOUND_VOWEL
                                                            : SOUND_CONSONANT;
}

/* Of one character that is not a digit; -1 where it is not spoken. */
static int letter_sound(uint32_t c) {
    if (c >= 0xAC00 && c <= 0xD7A3) {
        uint32_t last = (c - 0xAC00) % 28;
        return last == 0 ? SOUND_VOWEL : last == 8 ? SOUND_RIEUL : SOUND_CONSONANT;
    }
    if (c >= 0x3131 && c <= 0x314E) return SOUND_CONSONANT; /* ㄱ 기역 … ㅎ 히읗 */
    if (c < 0x80 && ((c | 32) < 'a' || (c | 32) > 'z'))
        return c == '%' ? SOUND_VOWEL : -1;
    switch (c) {
        case 'L':
        case 'l':
        case 'R':
        case 'r': return SOUND_RIEUL; /* 엘 알 */
        case 'M':
        case 'm':
        case 'N':
        case 'n': return SOUND_CONSONANT; /* 엠 엔 */
        case 0x3B5:
        case 0x3BF:
        case 0x3C5: return SOUND_CONSONANT; /* 엡실론 … */
        case 0xB2:
        case 0xB3: return SOUND_CONSONANT; /* 제곱 */
        case 0x201C:
        case 0x201D:
        case 0x2018:
        case 0x2019: return -1;
        default: return SOUND_VOWEL;
    }
}

static bool is_one_of(char c, const char *letters) {
    return c && strchr(letters, c) != NULL;
}

/* How an English word of n letters sounds that ends before `end`, as Korean reads it:
 * 스텝 step, 플롯 plot, 넷 net, 스택 stack, 네임 name and 라인 line end in a consonant,
 * 파일 file and 테이블 table in ㄹ; 세이브 save, 힌트 hint, 체크 check and 레이어 layer
 * in a vowel. -1: a letter alone, or capitals, which are spelled. */
static int english_sound(const char *end, size_t n) {
    const char *vowels = "aeiou";
    char last = end[-1], before = n > 1 ? end[-2] : '\0',
         third = n > 2 ? end[-3] : '\0';
    bool vowel = is_one_of(before, vowels);
    if (n < 2 || !islower((unsigned char)before)) return -1;
    if (last == 'r' && vowel) return SOUND_VOWEL;
    if (last == 'g' && before == 'n') return SOUND_CONSONANT;
    if (last == 'e' && before == 'l' && third) return SOUND_RIEUL;
    if (last == 'e' && is_one_of(before, "mn") && is_one_of(third, vowels))
        return SOUND_CONSONANT;
    if (last == 'k' && before == 'c' && is_one_of(third, "aiou"))
        return SOUND_CONSONANT;
    if (!is_one_of(last, "ptk") || !vowel) return -1;
    bool is_short = !is_one_of(third, vowels) || (before == 'i' && third == 'u') ||
                    (third == 'o' && is_one_of(before, "uo")); /* quit, out, look */
    return is_short ? SOUND_CONSONANT : SOUND_VOWEL;
}

static size_t letters_before(const char *s, size_t end) {
    size_t n = 0;
    while (n < end && isalpha((unsigned char)s[end - n - 1])) n++;
    return n;
}

/* The last sound of a word as it is read aloud; quotes and brackets are not. */
static enum sound last_sound(const char *s) {
    for (size_t end = strlen(s); end > 0;) {
        size_t at = end - 1, len;
        if (s[at] >= '0' && s[at] <= '9') return number_sound(s, end);
        while (at > 0 && ((unsigned char)s[at] & 0xC0) == 0x80) at--;
        int sound = english_sound(s + end, letters_before(s, end));
        if (sound < 0) sound = letter_sound(utf8_decode(s + at, &len));
        if (sound >= 0) return (enum sound)sound;
        end = at;
    }
    return SOUND_VOWEL;
}

/* "row/rows" after a number: 1 row, 2 rows. The value itself has been said. */
static void add_plural(struct buf *b, const char *value, const char *forms, size_t n) {
    const char *slash = memchr(forms, '/', n);
    if (!slash) return;
    size_t first = (size_t)(slash - forms);
    if (strcmp(value, "1") == 0) buf_add_n(b, forms, first);
    else buf_add_n(b, slash + 1, n - first - 1);
}

/* Adds the first or the second of "은/는", as fits after the value. */
static void add_particle(struct buf *b, const char *value, const char *forms,
                         size_t n) {
    const char *slash = memchr(forms, '/', n);
    if (!slash) return;
    size_t first = (size_t)(slash - forms);
    enum sound sound = last_sound(value);
    bool after_vowel = sound == SOUND_VOWEL;
    if (strncmp(forms, "으로/", strlen("으로/")) == 0)
        after_vowel = sound != SOUND_CONSONANT;
    if (after_vowel) buf_add_n(b, slash + 1, n - first - 1);
    else buf_add_n(b, forms, first);
}

/* ---- sentences ---- */

struct values {
    size_t count;
    const char *names[2 * ERROR_ARGS], *values[2 * ERROR_ARGS];
};

static const char *value_of(const struct values *v, const char *name, size_t n) {
    for (size_t i = 0; i < v->count; i++) {
        if (strlen(v->names[i]) == n && memcmp(v->names[i], name, n) == 0) {
            return v->values[i];
        }
    }
    return NULL;
}

/* As far as the } of the { before, past those of values within. */
static size_t closing(const char *s) {
    size_t n = 0;
    for (int open = 1; s[n]; n++) {
        open += (s[n] == '{') - (s[n] == '}');
        if (!open) break;
    }
    return n;
}

static void fill(struct buf *b, const char *s, const struct values *v);

/* "all/모두/{n}개": the first where the value is that of `all`, else the second. */
static void add_same(struct buf *b, const char *value, const char *forms, size_t n,
                     const struct values *v) {
    const char *end = forms + n, *same = memchr(forms, '/', n);
    const char *other = same ? memchr(same + 1, '/', (size_t)(end - same - 1)) : NULL;
    if (!other) return;
    const char *all = value_of(v, forms, (size_t)(same - forms));
    bool is = all && strcmp(value, all) == 0;
    char *form = is ? mem_copy_n(same + 1, (size_t)(other - same - 1))
                    : mem_copy_n(other + 1, (size_t)(end - other - 1));
    fill(b, form, v);
    free(form);
}

/* Copies the sentence with {name} replaced. Other braces are the language's own. Right
 * after a closing ` or a ] the value has been said: `{name}`{name:은/는} adds the
 * particle alone. */
static void fill(struct buf *b, const char *s, const struct values *v) {
    bool quoted = false, closed = false;
    while (*s) {
        size_t n = strcspn(s, "{");
        for (size_t i = 0; i < n; i++) quoted ^= s[i] == '`';
        closed = n && ((s[n - 1] == '`' && !quoted) || s[n - 1] == ']');
        buf_add_n(b, s, n);
        s += n;
        if (!*s) break;
        size_t name = strcspn(s + 1, ":} "), all = 1 + closing(s + 1);
        const char *value = s[all] ? value_of(v, s + 1, name) : NULL;
        if (!value || s[1 + name] == ' ') {
            buf_add_n(b, s++, 1);
            continue;
        }
        bool particle = s[1 + name] == ':';
        const char *forms = s + name + 2;
        size_t length = particle ? all - name - 2 : 0;
        if (length && *forms == '#') {
            add_plural(b, value, forms + 1, length - 1);
        } else if (length && *forms == '=') {
            add_same(b, value, forms + 1, length - 1, v);
        } else {
            if (!particle || !closed) buf_add(b, value);
            if (particle) add_particle(b, value, forms, length);
        }
        s += all + 1;
    }
}

static struct values collect(va_list args) {
    struct values v = {0};
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        assert(v.count < sizeof v.names / sizeof *v.names);
        v.names[v.count] = name;
        v.values[v.count++] = value ? value : "";
    }
    return v;
}

const char *text_get(const struct text *t, const char *key) {
    int i = map_get(&t->keys, key);
    if (i < 0) return NULL;
    const struct sentence *s = &t->sentences[i];
    return s->in[t->lang] ? s->in[t->lang] : s->in[TEXT_EN];
}

/* What the system says of a failure (strerror), which speaks English alone. */
static const char *system_words(const struct text *t, const char *why) {
    struct buf key = {0};
    buf_printf(&key, "system.%s", why);
    const char *known = text_get(t, buf_text(&key));
    buf_free(&key);
    return known ? known : why;
}

static void add_filled(const struct text *t, struct buf *b, const char *key,
                       const struct values *v) {
    const char *s = text_get(t, key);
    struct values told = *v;
    for (size_t i = 0; i < told.count; i++)
        if (strcmp(told.names[i], "why") == 0)
            told.values[i] = system_words(t, told.values[i]);
    if (s) fill(b, s, &told);
    else buf_printf(b, "[%s]", key); /* a test looks for these */
}

void text_add_v(const struct text *t, struct buf *b, const char *key, va_list args) {
    struct values v = collect(args);
    add_filled(t, b, key, &v);
}

void text_add(const struct text *t, struct buf *b, const char *key, ...) {
    va_list args;
    va_start(args, key);
    text_add_v(t, b, key, args);
    va_end(args);
}

void text_fill(struct buf *b, const char *sentence, ...) {
    va_list args;
    va_start(args, sentence);
    struct values v = collect(args);
    va_end(args);
    fill(b, sentence, &v);
}

/* ---- errors ---- */

enum {
    SOURCE_COLUMNS = 70, /* with the indent, 76 */
    SOURCE_INDENT = 4,
    BEFORE_CARET = 40, /* shown of a long line before its caret */
    LONGEST_VALUE = 200
};

/* s made safe and cut to `columns`, with … where something is missing at its end. */
static void add_cut(struct buf *b, const char *s, int columns) {
    struct buf safe = {0};
    utf8_add_line(&safe, s);
    const char *text = buf_text(&safe);
    if (utf8_width(text) <= columns) {
        buf_add(b, text);
    } else {
        buf_add_n(b, text, utf8_fit(text, columns - 1));
        buf_add(b, "…");
    }
    buf_free(&safe);
}

/* The same, cut at its beginning. */
static void add_cut_start(struct buf *b, const char *s, int columns) {
    struct buf safe = {0};
    utf8_add_line(&safe, s);
    const char *text = buf_text(&safe);
    int width = utf8_width(text);
    if (width > columns) {
        text += utf8_fit(text, width - columns);
        while (utf8_width(text) >= columns) {
            size_t len;
            utf8_decode(text, &len);
            text += len;
        }
        buf_add(b, "…");
    }
    buf_add(b, text);
    buf_free(&safe);
}

static size_t bytes_of(const char *s, int characters) {
    size_t at = 0, len;
    while (characters-- > 0) {
        utf8_decode(s + at, &len);
        at += len;
        if (!len) break;
    }
    return at;
}

/* The source line and, under it, ^~~~ at the place. */
static void add_caret(struct buf *b, const char *line, int cut, struct place at) {
    size_t start = bytes_of(line, at.column - 1 - cut);
    size_t length = bytes_of(line + start, at.length > 0 ? at.length : 1);
    char *before = mem_copy_n(line, start), *marked = mem_copy_n(line + start, length);
    struct buf shown = {0};
    int spaces, marks;
    bool fits = !cut && utf8_width(line) <= SOURCE_COLUMNS;
    add_cut_start(&shown, before, fits ? SOURCE_COLUMNS : BEFORE_CARET);
    spaces = utf8_width(buf_text(&shown));
    add_cut(&shown, marked, SOURCE_COLUMNS - spaces);
    marks = utf8_width(buf_text(&shown)) - spaces;
    if (spaces + marks < SOURCE_COLUMNS) {
        add_cut(&shown, line + start + length, SOURCE_COLUMNS - spaces - marks);
    }
    buf_printf(b, "%*s%s\n", SOURCE_INDENT, "", buf_text(&shown));
    buf_printf(b, "%*s^", SOURCE_INDENT + spaces, "");
    for (int i = 1; i < marks; i++) buf_add(b, "~");
    buf_add(b, "\n");
    buf_free(&shown);
    free(before);
    free(marked);
}

static void add_place(struct buf *b, const struct error *e) {
    if (e->file) {
        utf8_add_line(b, e->file);
        buf_add(b, ":");
    }
    /* Of one typed line everybody knows which it is. */
    if (e->at.line && (e->file || e->at.line > 1)) {
        buf_printf(b, "%d:%d:", e->at.line, e->at.column);
    }
    if (b->len && b->data[b->len - 1] == ':') buf_add(b, " ");
    if (e->label) buf_printf(b, "%s: ", e->label);
}

/* The word that was meant, where one is near: the error says it, or all that are
 * known. */
static bool has_near(const struct error *e, struct values *v, struct buf *near) {
    if (error_value(e, "near")) return true;
    const char *known = error_value(e, "known");
    struct near n = {.word = error_value(e, "name")};
    if (!n.word || !known) return false;
    near_try_list(&n, known);
    if (!n.best) return false;
    char *best = mem_copy_n(n.best, n.length);
    add_cut(near, best, LONGEST_VALUE);
    free(best);
    v->names[v->count] = "near";
    v->values[v->count++] = buf_text(near);
    return true;
}

/* What to try: KEY.near, or what every slip is told; KEY.try where no word is near. */
static const char *advice_key(const struct text *t, bool near, struct buf *key) {
    buf_add(key, near ? ".near" : ".try");
    return !near || text_get(t, buf_text(key)) ? buf_text(key) : "error.near";
}

void text_add_error(const struct text *t, struct buf *b, const struct error *e) {
    struct values v = {.count = e->count};
    struct buf safe[ERROR_ARGS] = {0}, key = {0}, near = {0};
    for (size_t i = 0; i < e->count; i++) {
        add_cut(&safe[i], e->values[i], LONGEST_VALUE);
        v.names[i] = e->names[i];
        v.values[i] = buf_text(&safe[i]);
    }
    add_place(b, e);
    buf_printf(&key, "error.%s", e->key);
    add_filled(t, b, buf_text(&key), &v);
    buf_add(b, "\n");
    if (e->line && e->at.column > 0) add_caret(b, e->line, e->cut, e->at);
    const char *advice = advice_key(t, has_near(e, &v, &near), &key);
    if (text_get(t, advice)) {
        add_filled(t, b, advice, &v);
        buf_add(b, "\n");
    }
    buf_free(&near);
    for (size_t i = 0; i < e->count; i++) buf_free(&safe[i]);
    buf_free(&key);
}

/* ---- glossary ---- */

bool text_glossary(const struct text *t, const char *word, struct text_word *out) {
    struct arena *a = arena_new();
    int i = map_get(&t->ideas, lower_case(a, word));
    arena_free(a);
    if (i >= 0) *out = t->words[i];
    return i >= 0;
}

size_t text_glossary_count(const struct text *t) { return t->word_count; }

void text_glossary_at(const struct text *t, size_t i, struct text_word *out) {
    assert(i < t->word_count);
    *out = t->words[i];
}
