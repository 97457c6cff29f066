/* SPDX-License-Identifier: Apache-2.0 */
/* The file, cut into blocks of whole rows. A line end within quotes ends no row: quotes are counted. */
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

int fail_at(const char *path, int64_t line, const char *what)
{
    print_plain(stderr, file_name(path));
    fprintf(stderr, ":%lld: error: %s\n", (long long)line, what);
    return FAILED;
}

/* ---- cutting ---- */

/* Where rows end. */
typedef struct {
    size_t at, cut; /* looked at so far; behind the last row that is whole */
    int64_t lines, lines_cut;
    int rows, most, quoted; /* empty lines are no rows */
} cutter;

static int odd_quotes(const char *from, const char *to)
{
    int odd = 0;
    while ((from = memchr(from, '"', (size_t)(to - from))) != NULL) {
        odd ^= 1;
        from++;
    }
    return odd;
}

/* Goes on over what is there, up to the most rows. */
static void look_on(cutter *c, const text *in)
{
    while (c->rows < c->most && c->at < in->used) {
        const char *from = in->bytes + c->at, *end = in->bytes + in->used;
        const char *line_end = memchr(from, '\n', (size_t)(end - from));
        if (!line_end) {
            return;
        }
        const int empty = !c->quoted && line_end - from == (*from == '\r');
        c->quoted ^= odd_quotes(from, line_end);
        c->at = (size_t)(line_end - in->bytes) + 1;
        c->lines++;
        if (!c->quoted) {
            c->rows += !empty;
            c->cut = c->at;
            c->lines_cut = c->lines;
        }
    }
}

static int read_more(input *from, text *to, size_t length)
{
    if (!make_room(to, length)) {
        return fail_at(from->path, from->line, "out of memory");
    }
    errno = 0;
    const size_t got = fread(to->bytes + to->used, 1, length, from->file);
    to->used += got;
    if (ferror(from->file)) {
        return fail_at(from->path, from->line, errno ? strerror(errno) : "the file cannot be read");
    }
    from->ended = got < length;
    return DONE;
}

/* Bytes of up to `most` whole rows; the rest of what was read is kept ahead. */
static int cut_rows(input *from, block *out, int most)
{
    cutter c = {.most = most};
    out->in.used = 0;
    add(&out->in, from->ahead.bytes, from->ahead.used);
    from->ahead.used = 0;
    for (;;) {
        look_on(&c, &out->in);
        const int enough = c.rows == most || (c.rows > 0 && out->in.used >= from->wanted);
        if (enough || from->ended || out->in.used > LONGEST_ROW) {
            break;
        }
        const size_t missing =
            from->wanted > out->in.used ? from->wanted - out->in.used : from->wanted;
        if (read_more(from, &out->in, missing)) {
            return FAILED;
        }
    }
    out->uncut = c.cut == 0 && !from->ended;
    from->full = c.rows == most;
    if (c.rows < most && from->ended) {
        c.cut = out->in.used; /* also a last row that has no end */
    }
    c.cut = out->uncut ? out->in.used : c.cut;
    add(&from->ahead, out->in.bytes + c.cut, out->in.used - c.cut);
    out->in.used = c.cut;
    out->line = from->line;
    from->line += c.lines_cut;
    return out->in.failed || from->ahead.failed ? fail_at(from->path, from->line, "out of memory")
                                                : DONE;
}

/* Puts what is behind `cut` back in front of what is ahead. */
static int put_back(input *from, block *out, size_t cut, int64_t line)
{
    text all = {0};
    add(&all, out->in.bytes + cut, out->in.used - cut);
    add(&all, from->ahead.bytes, from->ahead.used);
    free(from->ahead.bytes);
    from->ahead = all;
    from->line = line;
    out->in.used = cut;
    return all.failed ? fail_at(from->path, line, "out of memory") : DONE;
}

/* Why more bytes would not help to find the end of a patient. */
static const char *patient_without_end(const input *from, const block *out)
{
    if (from->full) {
        return "a patient has too many lines";
    }
    return out->in.used + from->ahead.used > LONGEST_ROW
               ? "the lines of a patient, or a row behind them, are too long; does a quote end?"
               : NULL;
}

/* The lines of a patient stay together. */
static int cut_patients(input *from, block *out)
{
    out->behind_left_out = from->left_out;
    from->left_out = 0;
    for (;;) {
        int status = cut_rows(from, out, BLOCK_ROWS);
        if (status || from->plan->patient < 0 || out->uncut ||
            (from->ended && from->ahead.used == 0)) {
            return status;
        }
        const grouped found = last_patient(from->plan, &out->in, out->line);
        if (found.failed) {
            return fail_at(from->path, out->line, "out of memory");
        }
        if (found.broken || found.rows == 0) {
            return DONE; /* the parser tells; or there are only empty lines */
        }
        if (found.begin > 0) {
            from->left_out = found.behind_left_out;
            return put_back(from, out, found.begin, found.line);
        }
        const char *why = patient_without_end(from, out);
        status = why ? fail_at(from->path, out->line, why) : put_back(from, out, 0, out->line);
        if (status) {
            return status;
        }
        from->wanted = from->ahead.used * 2 + 4096;
    }
}

int next_block(input *from, block *out)
{
    if (cut_patients(from, out)) {
        return -1;
    }
    digest_add(&from->read, out->in.bytes, out->in.used);
    from->offset += (int64_t)out->in.used;
    out->last = from->ended && from->ahead.used == 0;
    out->end = from->offset;
    out->read = from->read;
    out->next_line = from->line;
    out->next_behind_left_out = from->left_out;
    from->wanted = out->in.used + out->in.used / 8 + 4096;
    from->wanted = from->wanted < BLOCK_BYTES ? from->wanted : BLOCK_BYTES;
    return out->in.used > 0;
}

/* ---- the first row ---- */

typedef struct {
    char **names;
    int count, rows, failed;
} name_list;

static void take_name(void *bytes, size_t length, void *context)
{
    name_list *list = context;
    if (list->rows > 0 || list->failed) {
        list->failed |= list->rows > 0 ? 2 : 0; /* a second row within the first line */
        return;
    }
    char *name = calloc(1, length + 1);
    if (!name || list->count == MOST_COLUMNS || (length && memchr(bytes, '\0', length))) {
        list->failed = name ? list->count == MOST_COLUMNS ? 4 : 8 : 1;
        free(name);
        return;
    }
    if (length) {
        memcpy(name, bytes, length);
    }
    list->names[list->count++] = name;
}

static void end_names(int end, void *context)
{
    (void)end;
    ((name_list *)context)->rows++;
}

static int read_names(input *from, const block *first, const plan *of, name_list *list)
{
    struct csv_parser parser;
    const char *bytes = first->in.bytes;
    size_t length = first->in.used, skip = 0;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        skip = 3;
    }
    list->names = calloc(MOST_COLUMNS, sizeof *list->names);
    if (!list->names || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return fail_at(from->path, 1, "out of memory");
    }
    csv_set_delim(&parser, (unsigned char)of->delimiter);
    const int broken = csv_parse(&parser, bytes + skip, length - skip, take_name, end_names,
                                 list) != length - skip ||
                       csv_fini(&parser, take_name, end_names, list) != 0;
    csv_free(&parser);
    if (list->failed & 2) {
        return fail_at(from->path, 1, "lines end in lone carriage returns; write line feeds");
    }
    if (broken || list->failed) {
        return fail_at(from->path, 1,
                       broken ? "this is no CSV: a quote stands within a field, or never ends"
                       : list->failed & 4 ? "there are too many columns"
                       : list->failed & 8 ? "the file is not text in UTF-8"
                                          : "out of memory");
    }
    return DONE;
}

static int is_utf16(const text *in)
{
    const unsigned char *begin = (const unsigned char *)in->bytes;
    return in->used >= 2 &&
           ((begin[0] == 0xff && begin[1] == 0xfe) || (begin[0] == 0xfe && begin[1] == 0xff));
}

/* Empty lines before the names are passed over. */
static int first_row(input *from, const plan *of, name_list *list)
{
    block first = {0};
    int status = DONE;
    while (status == DONE && list->count == 0) {
        status = cut_rows(from, &first, 1);
        if (status == DONE && (first.in.used == 0 || is_utf16(&first.in))) {
            status = fail_at(from->path, 1,
                             first.in.used ? "the file is in UTF-16; write it as CSV in UTF-8"
                                           : "the file is empty; its first line names the columns");
        }
        if (status == DONE) {
            digest_add(&from->read, first.in.bytes, first.in.used);
            from->offset += (int64_t)first.in.used;
            free(list->names);
            status = read_names(from, &first, of, list);
        }
    }
    free(first.in.bytes);
    return status;
}

int open_input(input *from, const plan *of, char ***names, int *count)
{
    name_list list = {0};
    from->path = of->path;
    from->plan = of;
    from->line = 1;
    from->wanted = 1 << 14;
    errno = 0;
    from->file = strcmp(of->path, "-") == 0 ? stdin : fopen(of->path, "rb");
    if (!from->file) {
        fputs("bonemets: ", stderr);
        print_plain(stderr, of->path);
        fprintf(stderr, ": cannot be read: %s\n", strerror(errno));
        return FAILED;
    }
    const int status = first_row(from, of, &list);
    *names = list.names;
    *count = list.count;
    return status;
}

int skip_input(input *from, int64_t offset, int64_t line, const char *expected)
{
    char found[DIGEST_TEXT];
    from->ahead.used = 0;
    from->ended = 0;
    memset(&from->read, 0, sizeof from->read);
    if (fseek(from->file, 0, SEEK_SET) != 0 || !make_room(&from->ahead, BLOCK_BYTES)) {
        return fail_at(from->path, 1, "the file cannot be read again from its beginning");
    }
    for (int64_t left = offset; left > 0;) {
        const size_t want = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
        const size_t got = fread(from->ahead.bytes, 1, want, from->file);
        digest_add(&from->read, from->ahead.bytes, got);
        left = got ? left - (int64_t)got : -1;
    }
    digest_write(&from->read, found);
    from->offset = offset;
    from->line = line;
    return strcmp(found, expected) == 0 ? DONE : FAILED;
}

void close_input(input *from)
{
    free(from->ahead.bytes);
    if (from->file && from->file != stdin) {
        fclose(from->file);
    }
}
