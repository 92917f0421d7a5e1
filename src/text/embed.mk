# The frame of exported PyTorch scripts, the word files and the glossary become part of the
# program: $(B)/words.c has a table of {name, json} made from what is in the folder, so that
# a new room's file needs no list. Each is a text in C, a line of it a line.
B ?= build
WORDS := $(sort $(wildcard src/text/words/*.json)) src/text/glossary.json
OBJ += $(B)/words.o

$(B)/words.c: $(WORDS) src/export/torch.py src/text/words src/text/embed.mk
	@mkdir -p $(@D)
	@{ echo '/* Made by src/text/embed.mk. */'; echo '#include "text/words.h"'; \
	text() { sed 's/[\\"]/\\&/g; s/.*/    "&\\n"/' "$$1"; }; \
	echo 'const char words_torch[] ='; text src/export/torch.py; echo '    ;'; \
	echo 'const struct words words_files[] = {'; \
	for f in $(WORDS); do \
	    echo "    {\"$$(basename $$f .json)\","; text "$$f"; echo '    },'; \
	done; \
	echo '    {0, 0},'; echo '};'; } > $@

$(B)/words.o: $(B)/words.c
	$(CC) $(CFLAGS) -Isrc -c -o $@ $<
