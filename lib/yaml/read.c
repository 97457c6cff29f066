/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <yaml.h>

#include "base/names.h"
#include "base/text.h"
#include "yaml/bytes.h"
#include "yaml/tree.h"

enum {
    DEEPEST = 200, /* whatever the caller allows: those who walk the tree may recurse */
    LONGEST_PATH = 512,
    MANY_KEYS = 16 /* from here on a map is searched through a symbol table */
};

/* A map or list whose end has not come yet. */
typedef struct {
    bm_node *node;
    bm_node *last; /* its newest entry */
    bool is_key;   /* stands where a key should, which was reported */
    bool has_key;  /* of a map: the key was read, its value comes next */
    const char *key;
    int key_line, key_column;
    bm_names names; /* keys to their lines, filled from MANY_KEYS on */
} frame;

typedef struct {
    yaml_parser_t parser;
    const char *name;
    bm_arena *arena;
    bm_arena scratch; /* frames and symbol tables, gone when the reading ends */
    bm_yaml_limits limits;
    bonemets_error *err;
    bonemets_status status; /* of the first error, but lack of memory comes before all */
    frame *frames;
    size_t depth, capacity;
    bm_node *root;
    int64_t events;
    bool stop;
    char path[LONGEST_PATH];
} reader;

static frame *innermost(reader *reading)
{
    return reading->depth > 0 ? &reading->frames[reading->depth - 1] : NULL;
}

static bool expects_key(reader *reading)
{
    const frame *open = innermost(reading);
    return open != NULL && open->node->kind == BM_MAP && !open->has_key;
}

/* The key path of the entry that is being read. */
static bm_place place_at(reader *reading, const yaml_mark_t *mark)
{
    bm_place place = {.file = reading->name};
    const frame *open = innermost(reading);
    if (open != NULL) {
        bm_node entry = {.parent = open->node, .key = open->key, .number = open->node->count + 1};
        bool within = open->node->kind == BM_SEQUENCE || open->has_key;
        place = bm_node_place(reading->name, within ? &entry : open->node, reading->path,
                              sizeof reading->path);
    }
    place.line = (int)mark->line + 1;
    place.column = (int)mark->column + 1;
    return place;
}

static void note_status(reader *reading, bonemets_status status)
{
    if (reading->status == BONEMETS_OK || status == BONEMETS_E_MEMORY) {
        reading->status = status;
    }
}

static void refuse(reader *reading, const yaml_mark_t *mark, const char *what)
{
    bm_place place = place_at(reading, mark);
    note_status(reading, bm_fail(reading->err, BONEMETS_E_YAML, &place, "%s", what));
}

static void pass_limit(reader *reading, const yaml_mark_t *mark, const char *format, int64_t limit)
{
    bm_place place = place_at(reading, mark);
    note_status(reading, bm_fail(reading->err, BONEMETS_E_LIMIT, &place, format, (int)limit));
}

static void lack_memory(reader *reading)
{
    bm_place place = {.file = reading->name};
    note_status(reading, bm_fail(reading->err, BONEMETS_E_MEMORY, &place, "out of memory"));
    reading->stop = true;
}

static const char *hint_for(const char *problem)
{
    static const char *const hints[][2] = {
        {"mapping values are not allowed in this context",
         "text that holds a colon and a blank needs quotes"},
        {"found character that cannot start any token",
         "indent with blanks, not tabs; text that begins with @, %, ` needs quotes"},
        {"did not find expected key", "look at the indentation, and for text that needs quotes"},
        {"could not find expected ':'", "look at the indentation, and for a missing colon"},
        {"did not find expected ',' or ']'", "a comma or bracket is missing"},
        {"did not find expected ',' or '}'", "a comma or brace is missing"},
        {"found unexpected end of stream", "a closing quote is missing"},
        {"found invalid Unicode character escape code",
         "write the character itself, not as a pair of escapes"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (strcmp(problem, hints[i][0]) == 0) {
            return hints[i][1];
        }
    }
    return NULL;
}

static void report_broken(reader *reading)
{
    const yaml_parser_t *parser = &reading->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    const char *hint = hint_for(problem);
    if (parser->error == YAML_MEMORY_ERROR) {
        lack_memory(reading);
        return;
    }
    char buffer[256];
    bm_text text;
    bm_text_init(&text, buffer, sizeof buffer);
    bm_put_format(&text, "broken YAML: %s", problem);
    if (parser->context != NULL) {
        bm_put_format(&text, " %s that begins in line %d", parser->context,
                      (int)parser->context_mark.line + 1);
    }
    bm_put_format(&text, hint != NULL ? "; %s" : "%s", hint);
    refuse(reading, &parser->problem_mark, buffer);
    reading->stop = true;
}

static void check_properties(reader *reading, const yaml_mark_t *mark, const yaml_char_t *anchor,
                             const yaml_char_t *tag)
{
    if (anchor != NULL) {
        refuse(reading, mark,
               "an anchor (&) is not accepted; text that begins with & needs quotes");
    }
    if (tag != NULL) {
        refuse(reading, mark, "a tag (!) is not accepted; text that begins with ! needs quotes");
    }
}

static bm_node *new_node(reader *reading, bm_node_kind kind, const yaml_mark_t *mark)
{
    bm_node *node = bm_arena_take(reading->arena, sizeof *node);
    if (node == NULL) {
        lack_memory(reading);
        return NULL;
    }
    node->kind = kind;
    node->line = (int)mark->line + 1;
    node->column = (int)mark->column + 1;
    if (reading->depth > 0) {
        node->parent = innermost(reading)->node;
    }
    return node;
}

static void index_key(reader *reading, frame *open, const bm_node *entry)
{
    if (!bm_names_add(&open->names, entry->key, entry->key_line)) {
        lack_memory(reading);
    }
}

static void index_keys(reader *reading, frame *open)
{
    if (open->node->count > MANY_KEYS) {
        index_key(reading, open, open->last);
    } else if (open->node->count == MANY_KEYS) {
        for (const bm_node *entry = open->node->first; entry != NULL; entry = entry->next) {
            index_key(reading, open, entry);
        }
    }
}

/* Puts a finished scalar, or a map or list that begins, into what is open. */
static void attach(reader *reading, bm_node *node)
{
    frame *open = innermost(reading);
    if (open == NULL) {
        reading->root = node;
        return;
    }
    if (open->last != NULL) {
        open->last->next = node;
    } else {
        open->node->first = node;
    }
    open->last = node;
    node->number = ++open->node->count;
    if (open->node->kind == BM_MAP) {
        node->key = open->key;
        node->key_line = open->key_line;
        node->key_column = open->key_column;
        open->has_key = false;
        open->key = NULL;
        index_keys(reading, open);
    }
}

/* Line of an earlier entry with that key, or -1. */
static int line_of_key(const frame *open, const char *key)
{
    if (open->node->count >= MANY_KEYS) {
        return bm_names_find(&open->names, key);
    }
    const bm_node *entry = bm_node_get(open->node, key);
    return entry != NULL ? entry->key_line : -1;
}

static void take_key(reader *reading, const char *key, const yaml_mark_t *mark)
{
    frame *open = innermost(reading);
    int earlier = line_of_key(open, key);
    open->has_key = true;
    open->key = key;
    open->key_line = (int)mark->line + 1;
    open->key_column = (int)mark->column + 1;
    if (key[0] == '\0') {
        refuse(reading, mark, "an empty key");
    } else if (earlier > 0) {
        bm_place place = place_at(reading, mark);
        note_status(reading,
                    bm_fail(reading->err, BONEMETS_E_YAML, &place,
                            "key %q stands twice in one map; first in line %d", key, earlier));
    }
}

/* Keeps the reading going past a key that was refused. */
static void take_refused_key(reader *reading)
{
    frame *open = innermost(reading);
    open->has_key = true;
    open->key = "?";
}

static void read_scalar(reader *reading, const yaml_event_t *event)
{
    const yaml_mark_t *mark = &event->start_mark;
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    check_properties(reading, mark, event->data.scalar.anchor, event->data.scalar.tag);
    if ((int64_t)length > reading->limits.scalar) {
        pass_limit(reading, mark, "text longer than %d bytes", reading->limits.scalar);
        length = 0;
    }
    if (bm_yaml_find_refused(value, length) < length) {
        refuse(reading, mark, "an escape for an invisible character; leave it out");
        length = 0;
    }
    const char *text = bm_arena_text(reading->arena, value, length);
    if (text == NULL) {
        lack_memory(reading);
    } else if (expects_key(reading)) {
        take_key(reading, text, mark);
    } else {
        bm_node *node = new_node(reading, BM_SCALAR, mark);
        if (node != NULL) {
            node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
            node->text = text;
            node->length = length;
            attach(reading, node);
        }
    }
}

static void read_alias(reader *reading, const yaml_event_t *event)
{
    refuse(reading, &event->start_mark,
           "an alias (*) is not accepted; text that begins with * needs quotes");
    if (expects_key(reading)) {
        take_refused_key(reading);
        return;
    }
    bm_node *node = new_node(reading, BM_SCALAR, &event->start_mark);
    if (node != NULL) {
        node->text = "";
        attach(reading, node);
    }
}

static void begin(reader *reading, bm_node_kind kind, const yaml_mark_t *mark)
{
    bool is_key = expects_key(reading);
    if ((int64_t)reading->depth >= reading->limits.depth) {
        pass_limit(reading, mark, "maps and lists nested deeper than %d", reading->limits.depth);
        reading->stop = true;
        return;
    }
    bm_node *node = new_node(reading, kind, mark);
    if (node == NULL) {
        return;
    }
    if (is_key) {
        refuse(reading, mark, "a map or list where a key should stand; a key is one word or text");
    } else {
        attach(reading, node);
    }
    frame *frames = bm_arena_grow(&reading->scratch, reading->frames, reading->depth,
                                  &reading->capacity, sizeof *frames);
    if (frames == NULL) {
        lack_memory(reading);
        return;
    }
    reading->frames = frames;
    frame *open = &frames[reading->depth++];
    *open = (frame){.node = node, .is_key = is_key};
    bm_names_init(&open->names, &reading->scratch);
}

static void end(reader *reading)
{
    bool was_key = innermost(reading)->is_key;
    reading->depth--;
    if (was_key) {
        take_refused_key(reading);
    }
}

static void begin_document(reader *reading, const yaml_event_t *event)
{
    const yaml_mark_t *mark = &event->start_mark;
    if (reading->root != NULL) {
        refuse(reading, mark, "a second document begins; a file holds one");
        reading->stop = true;
    } else if (event->data.document_start.version_directive != NULL ||
               event->data.document_start.tag_directives.start !=
                   event->data.document_start.tag_directives.end) {
        refuse(reading, mark, "a directive (%) is not accepted; leave the line out");
    }
}

static void handle(reader *reading, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(reading, event);
        break;
    case YAML_SCALAR_EVENT:
        read_scalar(reading, event);
        break;
    case YAML_ALIAS_EVENT:
        read_alias(reading, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        check_properties(reading, &event->start_mark, event->data.sequence_start.anchor,
                         event->data.sequence_start.tag);
        begin(reading, BM_SEQUENCE, &event->start_mark);
        break;
    case YAML_MAPPING_START_EVENT:
        check_properties(reading, &event->start_mark, event->data.mapping_start.anchor,
                         event->data.mapping_start.tag);
        begin(reading, BM_MAP, &event->start_mark);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        end(reading);
        break;
    case YAML_STREAM_END_EVENT:
        reading->stop = true;
        break;
    default:
        break;
    }
}

static void read_events(reader *reading)
{
    while (!reading->stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reading->parser, &event)) {
            report_broken(reading);
            return;
        }
        if (++reading->events > reading->limits.events) {
            pass_limit(reading, &event.start_mark, "more than %d pieces of YAML in one file",
                       reading->limits.events);
            reading->stop = true;
        } else {
            handle(reading, &event);
        }
        yaml_event_delete(&event);
    }
}

static void parse(reader *reading, const char *bytes, size_t size)
{
    if (!yaml_parser_initialize(&reading->parser)) {
        lack_memory(reading);
        return;
    }
    yaml_parser_set_encoding(&reading->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reading->parser, (const unsigned char *)bytes, size);
    read_events(reading);
    yaml_parser_delete(&reading->parser);
    const bm_node *root = reading->root;
    bool empty = root == NULL || (root->kind == BM_SCALAR && !root->quoted && root->length == 0);
    if (empty && reading->status == BONEMETS_OK) {
        refuse(reading, &(yaml_mark_t){0}, "the file is empty");
    }
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value < most ? value : most;
}

/* Positions and counts are kept as int. */
bonemets_status bm_yaml_set_limit(bm_yaml_limits *limits, int32_t limit, int64_t value)
{
    int64_t *places[] = {NULL, &limits->bytes, &limits->depth, &limits->scalar, &limits->events};
    if (limit < BONEMETS_LIMIT_BYTES || limit > BONEMETS_LIMIT_EVENTS || value <= 0) {
        return BONEMETS_E_ARGUMENT;
    }
    *places[limit] = value;
    return BONEMETS_OK;
}

static bm_yaml_limits bounded(const bm_yaml_limits *limits)
{
    return (bm_yaml_limits){.bytes = at_most(limits->bytes, INT32_MAX - 1),
                            .depth = at_most(limits->depth, DEEPEST),
                            .scalar = at_most(limits->scalar, INT32_MAX - 1),
                            .events = at_most(limits->events, INT32_MAX - 1)};
}

bonemets_status bm_yaml_read(bm_arena *arena, const bm_yaml_limits *limits, const char *name,
                             const void *bytes, size_t size, const bm_node **out,
                             bonemets_error *err)
{
    reader reading = {.name = name, .arena = arena, .limits = bounded(limits), .err = err};
    const char *text = bytes != NULL ? bytes : "";
    *out = NULL;
    if (size > (size_t)reading.limits.bytes) {
        bm_place place = {.file = name};
        return bm_fail(err, BONEMETS_E_LIMIT, &place, "larger than %d bytes",
                       (int)reading.limits.bytes);
    }
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (!bm_yaml_check_bytes(name, text, size, err)) {
        return BONEMETS_E_YAML;
    }
    bm_arena_init(&reading.scratch, &arena->memory);
    parse(&reading, text, size);
    bm_arena_free(&reading.scratch);
    if (reading.status == BONEMETS_OK) {
        *out = reading.root;
    }
    return reading.status;
}
