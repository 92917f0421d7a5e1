# The frame of exported PyTorch scripts, the word files and the glossary become part of the
# program: $(B)/words.c has a table of {name, json} made from what is in the folder, so that
# a new room's file needs no list.
B ?= build
WORDS := $(sort $(wildcard src/text/words/*.json)) src/text/glossary.json
OBJ += $(B)/words.o

$(B)/words.c: $(WORDS) src/export/torch.py src/text/words src/text/embed.mk
	@mkdir -p $(@D)
	@{ echo '/* Made by src/text/embed.mk. */'; echo '#include "text/words.h"'; \
	for f in $(WORDS); do s=words_$$(basename $$f .json | tr -c 'a-z0-9\n' _); \
	    echo "__asm__(\".section .rodata; $$s: .incbin \\\"$$f\\\"; .byte 0; .text\");"; \
	    echo "extern const char $$s[];"; \
	done; \
	echo '__asm__(".section .rodata; .global words_torch; words_torch:"'; \
	echo '    " .incbin \"src/export/torch.py\"; .byte 0; .text");'; \
	echo 'const struct words words_files[] = {'; \
	for f in $(WORDS); do n=$$(basename $$f .json); \
	    echo "    {\"$$n\", words_$$(echo $$n | tr -c 'a-z0-9\n' _)},"; \
	done; \
	echo '    {0, 0},'; echo '};'; } > $@

$(B)/words.o: $(B)/words.c
	$(CC) $(CFLAGS) -Isrc -c -o $@ $<
