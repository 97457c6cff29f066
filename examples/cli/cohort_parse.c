/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of CSV to columns. Of texts each is kept once and the rows hold its key; where a column has
 * many different plain numbers, they become doubles. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { AT_ROW_START = 0, MOST_OLD_ENTRIES = 200, FIRST_SLOTS = 512, MOST_DIGITS = 15 };
enum { FINE = 0, BAD = 1, NOTHING = 2 }; /* of an known_text */

typedef struct {
    struct csv_parser csv;
    int64_t line, row_line; /* being read; where the row begins */
    int field, rows_in_line, ends_in_line, again;
    size_t kept_begin; /* of this row */
} parser;

int is_valid(const uint8_t *bits, int64_t row)
{
    return bits[row >> 3] >> (row & 7) & 1;
}

static void set_valid(cells *of, int row)
{
    of->valid[row >> 3] |= (uint8_t)(1 << (row & 7));
}

void set_null(cells *of, int row)
{
    of->valid[row >> 3] &= (uint8_t) ~(1 << (row & 7));
    if (of->keys) {
        of->keys[row] = 0;
    }
}

/* ---- what is wrong ---- */

static void end_with(block *of, int64_t line, const char *why)
{
    if (!of->fatal) {
        of->fatal = why;
        of->fatal_line = line;
    }
}

const char *keep_message(worker *by, const char *message)
{
    for (int i = 0; i < by->message_count; i++) {
        if (strcmp(by->messages[i], message) == 0) {
            return by->messages[i];
        }
    }
    char **all = realloc(by->messages, ((size_t)by->message_count + 1) * sizeof *all);
    char *copy = all ? malloc(strlen(message) + 1) : NULL;
    by->messages = all ? all : by->messages;
    if (!copy) {
        return "out of memory";
    }
    return all[by->message_count++] = strcpy(copy, message);
}

void add_problem(worker *by, int64_t line, int at, bonemets_status reason, const char *message)
{
    block *to = by->at;
    if (to->problem_count == to->problem_room) {
        const size_t room = to->problem_room * 2 + 64;
        problem *problems = realloc(to->problems, room * sizeof *problems);
        if (!problems) {
            end_with(to, line, "out of memory");
            return;
        }
        to->problems = problems;
        to->problem_room = room;
    }
    to->problems[to->problem_count++] = (problem){line, at, reason, message};
}

/* ---- numbers ---- */

/* Up to 15 digits are a whole number that a double holds, and one division by a power of ten gives the
 * nearest double. */
int plain_number(const char *word, size_t length, int whole, double *out)
{
    static const double powers[MOST_DIGITS + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t digits = 0, decimals = 0;
    int64_t number = 0;
    int point = 0;
    if (length == 0 || length > MOST_DIGITS || (length > 1 && word[0] == '0' && word[1] != '.')) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            number = number * 10 + (word[i] - '0');
            digits++;
            decimals += (size_t)point;
        } else if (word[i] == '.' && !point && !whole && digits > 0) {
            point = 1;
        } else {
            return 0;
        }
    }
    *out = (double)number / powers[decimals];
    return !point || decimals > 0;
}

/* ---- texts ---- */

/* Short texts are told apart by their bytes as a number. */
static uint64_t word_of(const char *bytes, size_t length)
{
    uint64_t word = 0;
    if (length > 8) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    }
    return word;
}

static uint32_t hash_of(const char *bytes, size_t length, uint64_t word)
{
    uint64_t hash = length;
    for (; length > 8; length -= 8, bytes += 8) {
        uint64_t part;
        memcpy(&part, bytes, 8);
        hash = (hash ^ part) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    word = word ? word : word_of(bytes, length);
    return (uint32_t)(((hash ^ word) * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static int is_same(const cells *in, const known_text *one, const char *bytes, size_t length,
                   uint64_t word)
{
    return one->word == word && one->length == length &&
           (length <= 8 || memcmp(in->raw.bytes + one->at, bytes, length) == 0);
}

static int16_t *slot_for(cells *in, const char *bytes, size_t length, uint64_t word, uint32_t hash)
{
    for (size_t at = hash & (in->slot_count - 1);; at = (at + 1) & (in->slot_count - 1)) {
        int16_t *slot = &in->slots[at];
        if (*slot == 0 || is_same(in, &in->entries[*slot - 1], bytes, length, word)) {
            return slot;
        }
    }
}

static int more_slots(cells *in)
{
    const size_t count = in->slot_count ? in->slot_count * 2 : FIRST_SLOTS;
    int16_t *slots = calloc(count, sizeof *slots);
    if (!slots) {
        return 0;
    }
    free(in->slots);
    in->slots = slots;
    in->slot_count = count;
    for (int32_t i = 0; i < in->entry_count; i++) {
        const known_text *one = &in->entries[i];
        *slot_for(in, in->raw.bytes + one->at, one->length, one->word, one->hash) =
            (int16_t)(i + 1);
    }
    return 1;
}

static int more_entries(cells *in)
{
    if (in->entry_count < in->entry_room) {
        return 1;
    }
    const int32_t room = in->entry_room * 2 + 32;
    known_text *entries = realloc(in->entries, (size_t)room * sizeof *entries);
    in->entries = entries ? entries : in->entries;
    int32_t *ends = entries ? realloc(in->ends, ((size_t)room + 1) * sizeof *ends) : NULL;
    if (!ends) {
        return 0;
    }
    in->ends = ends;
    in->ends[0] = 0;
    in->entry_room = room;
    return 1;
}

static const char *option_for(const column *of, const char *bytes, size_t length)
{
    for (int i = 0; i < of->code_count; i++) {
        if (strlen(of->codes[i].code) == length && memcmp(of->codes[i].code, bytes, length) == 0) {
            return of->codes[i].option;
        }
    }
    return NULL;
}

static const char *box_word(const char *bytes, size_t length)
{
    static const char *const words[][2] = {
        {"0", "0"}, {"1", "1"}, {"Unchecked", "0"}, {"Checked", "1"}};
    for (int i = 0; i < 4; i++) {
        if (strlen(words[i][0]) == length && memcmp(words[i][0], bytes, length) == 0) {
            return words[i][1];
        }
    }
    return NULL;
}

/* What the batch gets for a text that comes up for the first time. */
static void translate(const column *of, cells *in, known_text *one, const char *bytes,
                      size_t length)
{
    const int coded_text = of->code_count > 0 || of->use == AS_BOX;
    const char *word = of->use == AS_BOX ? box_word(bytes, length) : option_for(of, bytes, length);
    one->bad = FINE;
    if (!coded_text) {
        add(&in->texts, bytes, length);
    } else if (!word) {
        one->bad = BAD;
        one->reason = BONEMETS_E_TYPE;
        one->message = of->use == AS_BOX ? "a checkbox holds 0 or 1"
                                         : "the map does not say what this code means";
    } else if (*word == '\0') {
        one->bad = NOTHING;
    } else {
        add(&in->texts, word, strlen(word));
    }
    in->any_bad |= one->bad;
}

/* The key of a text, or -1 without memory. */
static int key_of(const column *of, cells *in, const char *bytes, size_t length)
{
    if ((size_t)(in->entry_count + 1) * 2 > in->slot_count && !more_slots(in)) {
        return -1;
    }
    const uint64_t word = word_of(bytes, length);
    const uint32_t hash = hash_of(bytes, length, word);
    int16_t *slot = slot_for(in, bytes, length, word, hash);
    if (*slot > 0) {
        return *slot - 1;
    }
    if (!more_entries(in)) {
        return -1;
    }
    known_text *one = &in->entries[in->entry_count];
    *one = (known_text){.word = word, .hash = hash, .at = in->raw.used, .length = length};
    add(&in->raw, bytes, length);
    translate(of, in, one, bytes, length);
    in->not_plain |= of->use == AS_NUMBER && !plain_number(bytes, length, of->whole, &(double){0});
    in->ends[++in->entry_count] = (int32_t)in->texts.used;
    *slot = (int16_t)in->entry_count;
    return in->raw.failed || in->texts.failed ? -1 : in->entry_count - 1;
}

static void forget_texts(cells *in)
{
    in->entry_count = 0;
    in->raw.used = in->texts.used = 0;
    in->any_bad = 0;
    if (in->slots) {
        memset(in->slots, 0, in->slot_count * sizeof *in->slots);
    }
}

/* ---- cells ---- */

static int is_utf8(const unsigned char *at, size_t length)
{
    const unsigned char *end = at + length;
    while (at < end) {
        const int more = *at < 0x80 ? 0 : *at < 0xc2 ? -1 : *at < 0xe0 ? 1 : *at < 0xf0 ? 2 : 3;
        if (more < 0 || *at > 0xf4 || end - at <= more || (*at == 0xe0 && at[1] < 0xa0) ||
            (*at == 0xed && at[1] > 0x9f) || (*at == 0xf0 && at[1] < 0x90) ||
            (*at == 0xf4 && at[1] > 0x8f)) {
            return 0;
        }
        for (int i = 1; i <= more; i++) {
            if ((at[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        at += more + 1;
    }
    return 1;
}

static int is_missing(const plan *of, const char *bytes, size_t length)
{
    const char *missing = of->options->unknown;
    return length == 0 ||
           (missing && strlen(missing) == length && memcmp(bytes, missing, length) == 0);
}

static void keep_cell(worker *by, parser *in, const char *bytes, size_t length)
{
    add(&by->kept, ",", 1);
    if (is_utf8((const unsigned char *)bytes, length)) {
        add_field(&by->kept, bytes, length);
    } else {
        add_problem(by, in->row_line, in->field, BONEMETS_E_TYPE,
                    "the text is not UTF-8; it is left out here");
    }
}

/* From now on the column goes in as numbers, or as texts. */
static void turn(worker *by, parser *in, cells *to, column_use use)
{
    to->use = use;
    in->again = by->bind_again = 1;
}

/* Few numbers are cheaper as texts, each of which is looked at once; many are not. */
static void take_cell(worker *by, parser *in, const char *bytes, size_t length)
{
    const column *of = &by->plan->columns[in->field];
    cells *to = &by->cells[in->field];
    if (in->field == by->plan->patient) {
        by->key.used = 0;
        add(&by->key, bytes, length);
    }
    if (of->kept) {
        keep_cell(by, in, bytes, length);
    }
    if (to->use == NOT_READ || is_missing(by->plan, bytes, length)) {
        return;
    }
    if (to->use == AS_NUMBER) {
        if (plain_number(bytes, length, of->whole, &to->numbers[by->rows])) {
            set_valid(to, by->rows);
        } else {
            turn(by, in, to, AS_TEXT);
            to->not_plain = 1; /* from now on */
        }
        return;
    }
    const int key = key_of(of, to, bytes, length);
    if (key < 0) {
        end_with(by->at, in->row_line, "out of memory");
        return;
    }
    if (key > MOST_OLD_ENTRIES && of->use == AS_NUMBER && !to->not_plain) {
        turn(by, in, to, AS_NUMBER);
    }
    to->keys[by->rows] = (int16_t)key;
    set_valid(to, by->rows);
}

static void on_field(void *bytes, size_t length, void *context)
{
    worker *by = context;
    parser *in = by->parser;
    if (in->again || by->at->fatal || in->rows_in_line > 0 || by->record_count == BLOCK_ROWS) {
        return; /* the end of the row tells */
    }
    if (in->field < by->plan->count) {
        take_cell(by, in, bytes ? bytes : "", length);
    }
    in->field++;
}

/* ---- rows ---- */

static void leave_out(worker *by, parser *in, const char *why)
{
    for (int i = 0; i < by->plan->count; i++) {
        set_null(&by->cells[i], by->rows);
    }
    by->kept.used = in->kept_begin;
    for (int i = 0; i < by->plan->count; i++) {
        add(&by->kept, ",", (size_t)by->plan->columns[i].kept);
    }
    add_problem(by, in->row_line, -1, BONEMETS_E_OTHER, keep_message(by, why));
    by->at->first_left_out = by->at->left_out++ ? by->at->first_left_out : in->row_line;
}

/* Is the row of the same patient as the row before? Without a key nobody can tell: no. */
static int next_patient(worker *by)
{
    const text now = by->key;
    const int same = now.used > 0 && now.used == by->key_before.used &&
                     memcmp(now.bytes, by->key_before.bytes, now.used) == 0;
    by->key = by->key_before;
    by->key_before = now;
    return same;
}

/* The key of the patient who begins in this line. Without one it is a patient by itself. */
static void begin_patient(worker *by, int64_t line)
{
    block *to = by->at;
    digest key = {0};
    if (by->key_before.used == 0) {
        return;
    }
    if (to->begun_count == to->begun_room) {
        const size_t room = to->begun_room * 2 + 64;
        begun *more = realloc(to->begun, room * sizeof *more);
        if (!more) {
            end_with(to, line, "out of memory");
            return;
        }
        to->begun = more;
        to->begun_room = room;
    }
    digest_add(&key, by->key_before.bytes, by->key_before.used);
    to->begun[to->begun_count++] = (begun){digest_number(&key), line};
}

static void end_record(worker *by, parser *in, int row)
{
    by->records[by->record_count] = (record){in->row_line, row, by->kept.used, 0};
    if (row >= 0) {
        const int same = next_patient(by);
        by->records[by->record_count].same = same;
        if (!same && by->plan->patient >= 0) {
            begin_patient(by, in->row_line);
        }
        by->row_record[by->rows++] = by->record_count;
    }
    by->record_count++;
    in->kept_begin = by->kept.used;
    in->field = 0;
}

static void on_row(int end, void *context)
{
    char what[96];
    worker *by = context;
    parser *in = by->parser;
    (void)end;
    if (in->again || by->at->fatal) {
        return;
    }
    if (in->rows_in_line++ > 0 || by->record_count == BLOCK_ROWS) {
        end_with(by->at, in->row_line, "lines end in lone carriage returns; write line feeds");
    } else if (in->field != by->plan->count) {
        snprintf(what, sizeof what, "%d fields, but the first line names %d columns", in->field,
                 by->plan->count);
        leave_out(by, in, what);
        end_record(by, in, -1);
    } else {
        end_record(by, in, by->rows);
    }
}

/* ---- a block ---- */

int open_parser(worker *by)
{
    parser *in = calloc(1, sizeof *in);
    by->parser = in;
    if (!in || csv_init(&in->csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return 0;
    }
    csv_set_delim(&in->csv, (unsigned char)by->plan->delimiter);
    return 1;
}

void close_parser(worker *by)
{
    if (by->parser) {
        csv_free(&((parser *)by->parser)->csv);
        free(by->parser);
    }
    by->parser = NULL;
}

/* Up to the end of a line, so that it is known in which line a row begins. */
static void feed_line(worker *by, parser *in, const char *begin, size_t length)
{
    if (in->csv.pstate == AT_ROW_START) {
        in->row_line = in->line;
    }
    in->rows_in_line = 0;
    if (csv_parse(&in->csv, begin, length, on_field, on_row, by) != length && !in->again) {
        end_with(by->at, in->row_line,
                 "this is no CSV: a quote stands within a field, or never ends");
    } else if (csv_get_buffer_size(&in->csv) > LONGEST_FIELD) {
        end_with(by->at, in->row_line, "a field is too long; does its quote end?");
    }
    in->line += begin[length - 1] == '\n';
}

static void feed(worker *by, parser *in, const block *of)
{
    const char *at = of->in.bytes, *end = at + of->in.used;
    while (at < end && !in->again && !of->fatal) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end + 1 : end;
        feed_line(by, in, at, (size_t)(line_end - at));
        at = line_end;
    }
}

/* The file ends here, perhaps within a line, perhaps within quotes. */
static void end_file(worker *by, parser *in, block *of)
{
    const int no_end = of->in.used > 0 && of->in.bytes[of->in.used - 1] != '\n';
    const int within = csv_fini(&in->csv, on_field, on_row, by) != 0;
    if (in->again || of->fatal) {
        return;
    }
    of->no_end = no_end ? in->line : 0;
    if (within && by->plan->count_bad && in->row_line == in->line) {
        leave_out(by, in, "the file ends within quotes");
        end_record(by, in, -1);
    } else if (within) {
        end_with(of, in->row_line, "this is no CSV: a quote stands within a field, or never ends");
    } else if (no_end && by->plan->count_bad) {
        add_problem(by, in->row_line, -1, BONEMETS_E_OTHER,
                    "the last line has no end; is the file complete?");
    }
}

static void begin_block(worker *by, block *of)
{
    by->at = of;
    by->record_count = by->rows = 0;
    by->kept.used = by->key.used = by->key_before.used = 0;
    of->problem_count = of->begun_count = 0;
    of->left_out = of->first_left_out = of->no_end = 0;
    of->fatal = NULL;
    for (int i = 0; i < by->plan->count; i++) {
        cells *one = &by->cells[i];
        memset(one->valid, 0, sizeof one->valid);
        if (one->entry_count > MOST_OLD_ENTRIES) {
            forget_texts(one);
        }
    }
}

/* Columns that hold something else than plain numbers become texts, and the block is read again. */
int parse_block(worker *by, block *of)
{
    for (;;) {
        parser *in = by->parser;
        begin_block(by, of);
        in->line = in->row_line = of->line;
        in->field = in->again = 0;
        in->kept_begin = 0;
        feed(by, in, of);
        if (!in->again && !of->fatal && of->uncut) {
            end_with(of, of->line, "a row is too long; does its quote end?");
        }
        if (!in->again && !of->fatal) {
            end_file(by, in, of);
        }
        if (!in->again) {
            return of->fatal || by->kept.failed ? FAILED : DONE;
        }
        close_parser(by);
        if (!open_parser(by)) {
            end_with(of, of->line, "out of memory");
            return FAILED;
        }
    }
}
