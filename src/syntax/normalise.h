/* normalise: what people really type, as the lexer wants it.
 *
 *     char *line = normalise("y ＝ w×x²");   // y = w*x^2; the caller frees it
 */
#ifndef SYNTAX_NORMALISE_H
#define SYNTAX_NORMALISE_H

/* Composed (NFC), with full-width and look-alike signs outside "texts" and # comments
 * read as what they mean: × · → *, − → -, ÷ → /, （）＝ → ()=, “ ” → ", ² → ^2, 𝑤 → w,
 * x₁ → x1. What is plain stays as it is: twice is the same as once. */
char *normalise(const char *s);

#endif
