# learn for a web page, and for node that tests it: `make -f src/page/page.mk`, or `make
# page` from the root's. The sources are the program's own: a .c of src/page stands for the
# file of the same name in another room, or for what a system has and a page has not.
#
#     build/page/deps    what it stands on, xterm.js, gnuplot (deps.sh)
#     build/page/parts   learn.js, learn.wasm, learn.data (lessons and data sets)
#     build/page/site    the page for a server; build/page/learn.html: all in one file
#     build/page/node    the same program under node, for transcripts
P := build/page
D := $(P)/deps
B := $(P)/o
CC = emcc
WASM = -msimd128 -s SUPPORT_LONGJMP=wasm
CFLAGS = -Os $(WASM)
FLAGS = -std=c11 -D_GNU_SOURCE -Isrc -isystem src/page/system -isystem $(D)/include -ffp-contract=off \
        -Wall -Wextra -Wshadow -Wconversion
export NODE_PATH = /usr/share/nodejs# acorn is there; nodesource's node does not look

OWN := $(wildcard src/page/*.c)
INSTEAD := $(foreach f,$(notdir $(OWN)),$(wildcard src/*/$(f)))
SRC := $(filter-out src/train/kernel_% $(INSTEAD),$(wildcard src/*.c src/*/*.c)) $(OWN)
OBJ := $(SRC:src/%.c=$(B)/%.o) $(B)/train/kernels-baseline.o

page: $(P)/learn.html $(P)/node/learn

page-serve: page
	@node src/page/serve.js $(P)/site

node: $(P)/node/learn

include src/text/embed.mk

$(D)/done: src/page/deps.sh $(wildcard src/page/config/*)
	@sh src/page/deps.sh $(D)
	@touch $@

$(B)/%.o: src/%.c $(D)/done
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FLAGS) -MMD -MP -c -o $@ $<

# What takes long is to be fast, all else to be small: it comes over a network.
$(B)/board/%.o $(B)/engine/%.o $(B)/learning/%.o $(B)/train/%.o: CFLAGS += -O2
$(B)/engine/gate_%.o $(B)/engine/descent.o: FLAGS += -fno-trapping-math -fno-unroll-loops

$(B)/train/kernels-baseline.o: src/train/kernel_set.c $(D)/done
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FLAGS) -fno-unroll-loops -DSET=baseline -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d)

# -O2: with -Os or -O3 imports get short names, and worker.js knows two by theirs.
LINK = $(CC) -O2 $(WASM) -o $@ $(OBJ) -L$(D)/lib -lcjson -lreadline -lunistring -lz -lm \
       -s ALLOW_MEMORY_GROWTH=1 -s INITIAL_MEMORY=32MB -s TOTAL_STACK=1MB -s MODULARIZE=1 \
       -s EXPORT_NAME=Learn -s EXPORTED_FUNCTIONS=_main,_malloc,_free \
       -s EXPORTED_RUNTIME_METHODS=ENV,FS -s EXIT_RUNTIME=1

$(P)/parts/learn.js: $(OBJ) src/page/page.mk $(wildcard lessons/* lessons/*/* data/*)
	@mkdir -p $(@D)
	$(LINK) -s ENVIRONMENT=worker --preload-file lessons@/learn/lessons \
	    --preload-file data@/learn/data

$(P)/learn.html: $(P)/parts/learn.js $(D)/done LICENSE $(wildcard src/page/*.js src/page/*.html src/page/*.css)
	@cp -r $(D)/gnuplot.js $(D)/gnuplot.wasm $(D)/licences $(P)/parts
	@cat src/page/worker.js src/page/gnuplot.js >$(P)/parts/worker.js
	node src/page/pack.js $(P)/parts $(D)/npm/node_modules $(P)

$(P)/node/learn.js: $(OBJ) src/page/page.mk
	@mkdir -p $(@D)
	$(LINK) -s ENVIRONMENT=node -s NODERAWFS=1

$(P)/node/learn: src/page/node.js src/page/gnuplot.js $(P)/node/learn.js
	@cat src/page/node.js src/page/gnuplot.js >$@
	@chmod +x $@

.PHONY: page page-serve node
