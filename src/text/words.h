/* words: the JSON files of src/text/words and the glossary, as built into the program
 * by src/text/embed.mk. The table ends with a NULL name.
 *
 *     for (const struct words *w = words_files; w->name; w++) puts(w->json);
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

struct words {
    const char *name; /* "base", "glossary" */
    const char *json;
};

extern const struct words words_files[];
extern const char words_torch[]; /* export/torch.py: the frame of an exported script */

#endif
