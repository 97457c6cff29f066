/* SPDX-License-Identifier: Apache-2.0 */
/* A block of rows through the batch call. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { FINE = 0, BAD = 1 };

/* ---- columns as Arrow has them ---- */

static void release_nothing(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_no_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static int new_cells(cells *one, column_use use)
{
    one->use = use == AS_NUMBER ? AS_TEXT : use;
    if (use == AS_NUMBER) {
        one->numbers = calloc(BLOCK_ROWS, sizeof *one->numbers);
    }
    if (use != NOT_READ) {
        one->keys = calloc(BLOCK_ROWS, sizeof *one->keys);
        one->ends = calloc(1, sizeof *one->ends);
    }
    return use == NOT_READ || (one->keys && one->ends && (use != AS_NUMBER || one->numbers));
}

static void describe(worker *by, int n)
{
    static const struct ArrowSchema of_texts = {
        .format = "u", .name = "", .release = release_nothing};
    const int i = by->bound[n];
    const int number = by->cells[i].use == AS_NUMBER;
    by->schemas[n] = (struct ArrowSchema){.format = number ? "g" : "s",
                                          .name = by->names[i],
                                          .flags = ARROW_FLAG_NULLABLE,
                                          .release = release_nothing};
    if (!number) {
        by->schemas[n].dictionary = (struct ArrowSchema *)(uintptr_t)&of_texts;
    }
    by->schema_list[n] = &by->schemas[n];
}

static int bind(worker *by)
{
    by->bound_count = 0;
    for (int i = 0; i < by->plan->count; i++) {
        if (by->cells[i].use != NOT_READ && !by->plan->columns[i].box_for_none) {
            by->bound[by->bound_count] = i;
            describe(by, by->bound_count++);
        }
    }
    const struct ArrowSchema schema = {.format = "+s",
                                       .name = "",
                                       .n_children = by->bound_count,
                                       .children = by->schema_list,
                                       .release = release_nothing};
    by->bind_again = 0;
    return bonemets_batch_bind(by->batch, &schema, by->err) == BONEMETS_OK ? DONE : FAILED;
}

static void point(worker *by, int n)
{
    const cells *one = &by->cells[by->bound[n]];
    const int number = one->use == AS_NUMBER;
    by->buffers[n][0] = one->valid;
    by->buffers[n][1] = number ? (const void *)one->numbers : (const void *)one->keys;
    by->arrays[n] = (struct ArrowArray){.length = by->rows,
                                        .null_count = -1,
                                        .n_buffers = 2,
                                        .buffers = by->buffers[n],
                                        .release = release_no_array};
    by->array_list[n] = &by->arrays[n];
    if (number) {
        return;
    }
    by->dictionary_buffers[n][1] = one->ends;
    by->dictionary_buffers[n][2] = one->texts.bytes ? one->texts.bytes : "";
    by->dictionaries[n] = (struct ArrowArray){.length = one->entry_count,
                                              .n_buffers = 3,
                                              .buffers = by->dictionary_buffers[n],
                                              .release = release_no_array};
    by->arrays[n].dictionary = &by->dictionaries[n];
}

static bonemets_status run(worker *by, struct ArrowArray *answer)
{
    const void *none[1] = {NULL};
    for (int n = 0; n < by->bound_count; n++) {
        point(by, n);
    }
    const struct ArrowArray array = {.length = by->rows,
                                     .n_buffers = 1,
                                     .n_children = by->bound_count,
                                     .buffers = none,
                                     .children = by->array_list,
                                     .release = release_no_array};
    bonemets_error_clear(by->err);
    return bonemets_batch_run(by->batch, &array, answer, by->err);
}

/* ---- cells that are refused ---- */

static int64_t line_of(const worker *by, int row)
{
    return by->records[by->row_record[row]].line;
}

/* Cells whose text is known to be bad become unknown, and are told. */
static void take_out(worker *by, int i)
{
    cells *one = &by->cells[i];
    for (int row = 0; row < by->rows && one->any_bad; row++) {
        const known_text *at = is_valid(one->valid, row) ? &one->entries[one->keys[row]] : NULL;
        if (!at || at->bad == FINE) {
            continue;
        }
        set_null(one, row);
        if (at->bad == BAD) {
            add_problem(by, line_of(by, row), i, at->reason, at->message);
        }
    }
}

static int bound_column(const worker *by, const char *name)
{
    const long i = name[0] == 'c' ? strtol(name + 1, NULL, 10) : -1;
    return i >= 0 && i < by->plan->count && by->cells[i].use != NOT_READ ? (int)i : -1;
}

/* One report about a cell. 1 when it was news. */
static int take_report(worker *by, int32_t e)
{
    const char *name = bonemets_error_str(by->err, e, BONEMETS_F_PATH);
    const int row = bonemets_error_int(by->err, e, BONEMETS_F_LINE) - 1;
    const int i = name ? bound_column(by, name) : -1;
    if (i < 0 || row < 0 || row >= by->rows || !is_valid(by->cells[i].valid, row)) {
        return 0;
    }
    cells *one = &by->cells[i];
    const bonemets_status reason = bonemets_error_int(by->err, e, BONEMETS_F_STATUS);
    const char *message = keep_message(by, bonemets_error_str(by->err, e, BONEMETS_F_MESSAGE));
    if (one->use == AS_NUMBER) {
        set_null(one, row);
        add_problem(by, line_of(by, row), i, reason, message);
        return 1;
    }
    known_text *at = &one->entries[one->keys[row]];
    const int news = at->bad == FINE;
    at->bad = one->any_bad = BAD;
    at->reason = reason;
    at->message = message;
    return news;
}

static int is_about_cells(bonemets_status status)
{
    return status == BONEMETS_E_TYPE || status == BONEMETS_E_UNIT || status == BONEMETS_E_RANGE;
}

static int fail(worker *by, bonemets_status status)
{
    const char *why = bonemets_error_count(by->err) > 0
                          ? bonemets_error_str(by->err, 0, BONEMETS_F_MESSAGE)
                          : bonemets_status_name(status);
    by->at->fatal = keep_message(by, why);
    by->at->fatal_line = by->at->line;
    return FAILED;
}

static int evaluate(worker *by, struct ArrowArray *answer)
{
    for (;;) {
        int news = 0;
        const bonemets_status status = run(by, answer);
        if (status == BONEMETS_OK) {
            return DONE;
        }
        for (int32_t e = 0; is_about_cells(status) && e < bonemets_error_count(by->err); e++) {
            news += take_report(by, e);
        }
        if (news == 0) {
            return fail(by, status);
        }
        for (int n = 0; n < by->bound_count; n++) {
            take_out(by, by->bound[n]);
        }
    }
}

/* ---- checkboxes ---- */

static int is_checked(const cells *one, int row)
{
    return is_valid(one->valid, row) && one->texts.bytes[one->ends[one->keys[row]]] == '1';
}

/* A field of which no box is checked may never have been asked: unknown. */
static void settle_boxes(worker *by, int field, int row)
{
    int none = 0, some = 0, place = 0;
    for (int i = 0; i < by->plan->count; i++) {
        const column *of = &by->plan->columns[i];
        if (of->field == field && is_checked(&by->cells[i], row)) {
            none |= of->box_for_none;
            some |= !of->box_for_none;
            place = of->box_for_none ? i : place;
        }
    }
    if (none != some) {
        return;
    }
    for (int i = 0; i < by->plan->count; i++) {
        if (by->plan->columns[i].field == field) {
            set_null(&by->cells[i], row);
        }
    }
    if (none) {
        add_problem(by, line_of(by, row), place, BONEMETS_E_TYPE,
                    "none is checked, and so is another box of the field");
    }
}

/* ---- a block ---- */

static int ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), wanted = strlen(end);
    return length > wanted && strcmp(name + length - wanted, end) == 0;
}

static void count_states(const worker *by, const struct ArrowArray *answer)
{
    for (int64_t i = 0; i < answer->n_children; i++) {
        if (!ends_with(by->plan->answers.children[i]->name, ".state")) {
            continue;
        }
        const int8_t *states = answer->children[i]->buffers[1];
        for (int64_t row = 0; row < answer->length; row++) {
            by->at->states[i * STATES + states[row]]++;
        }
    }
}

static int by_line(const void *a, const void *b)
{
    const problem *one = a, *other = b;
    if (one->line != other->line) {
        return one->line < other->line ? -1 : 1;
    }
    if (one->column != other->column) {
        return one->column < other->column ? -1 : 1;
    }
    return strcmp(one->message ? one->message : "", other->message ? other->message : "");
}

/* Of a cell one problem is told, of a whole line all. */
static int is_told(const problem *before, const problem *now)
{
    return before->line == now->line && before->column == now->column &&
           (now->column >= 0 || by_line(before, now) == 0);
}

/* In the order of the file. */
static void sort_problems(block *of)
{
    size_t kept = 0;
    if (of->problem_count > 0) {
        qsort(of->problems, of->problem_count, sizeof *of->problems, by_line);
    }
    for (size_t i = 0; i < of->problem_count; i++) {
        if (kept == 0 || !is_told(&of->problems[kept - 1], &of->problems[i])) {
            of->problems[kept++] = of->problems[i];
        }
    }
    of->problem_count = kept;
}

static int prepare(worker *by, block *of)
{
    if (parse_block(by, of)) {
        return FAILED;
    }
    if (by->bind_again && bind(by)) {
        return fail(by, BONEMETS_E_OTHER);
    }
    for (int i = 0; i < by->plan->count; i++) {
        take_out(by, i);
    }
    for (int field = 0; field < by->plan->fields; field++) {
        for (int row = 0; row < by->rows; row++) {
            settle_boxes(by, field, row);
        }
    }
    if (by->plan->patient >= 0) {
        settle_patients(by);
    }
    return DONE;
}

void score_block(worker *by, block *of)
{
    struct ArrowArray answer = {0};
    of->failed = 1;
    of->out.used = 0;
    memset(of->states, 0, (size_t)by->plan->answers.n_children * STATES * sizeof *of->states);
    if (prepare(by, of)) {
        sort_problems(of);
        return;
    }
    const int64_t before = bonemets_batch_int(by->batch, BONEMETS_BATCH_COLUMNAR);
    if (evaluate(by, &answer) == DONE) {
        of->rows = by->rows;
        of->by_columns = bonemets_batch_int(by->batch, BONEMETS_BATCH_COLUMNAR) - before;
        count_states(by, &answer);
        of->failed = by->plan->patient >= 0 && score_patients(by, &answer) != DONE;
        sort_problems(of);
        of->failed |= of->problem_count > 0 && !by->plan->count_bad;
        if (!of->failed) {
            write_rows(by, &answer);
        }
        answer.release(&answer);
    }
    sort_problems(of);
    if (of->out.failed || by->kept.failed) {
        of->fatal = "out of memory";
        of->fatal_line = of->line;
        of->failed = 1;
    }
}

/* ---- workers ---- */

/* In messages a column is called by its number: its name may hold anything. */
static int map_numbers(worker *by)
{
    for (int i = 0; i < by->plan->count; i++) {
        const column *one = &by->plan->columns[i];
        snprintf(by->names[i], sizeof by->names[i], "c%d", i);
        if (one->use != NOT_READ && !one->box_for_none &&
            bonemets_batch_map(by->batch, by->names[i], one->key, one->key_unit, by->err)) {
            return FAILED;
        }
    }
    return DONE;
}

int open_worker(worker *by, const plan *of)
{
    const size_t count = (size_t)of->count + 1;
    int ok;
    memset(by, 0, sizeof *by);
    by->plan = of;
    by->err = bonemets_error_new();
    by->cells = calloc(count, sizeof *by->cells);
    by->records = calloc(BLOCK_ROWS + 1, sizeof *by->records);
    by->row_record = calloc(BLOCK_ROWS + 1, sizeof *by->row_record);
    by->bound = calloc(count, sizeof *by->bound);
    by->names = calloc(count, sizeof *by->names);
    by->schemas = calloc(count, sizeof *by->schemas);
    by->schema_list = calloc(count, sizeof *by->schema_list);
    by->arrays = calloc(count, sizeof *by->arrays);
    by->array_list = calloc(count, sizeof *by->array_list);
    by->dictionaries = calloc(count, sizeof *by->dictionaries);
    by->buffers = calloc(count, sizeof *by->buffers);
    by->dictionary_buffers = calloc(count, sizeof *by->dictionary_buffers);
    ok = by->err && by->cells && by->records && by->row_record && by->bound && by->names &&
         by->schemas && by->schema_list && by->arrays && by->array_list && by->dictionaries &&
         by->buffers && by->dictionary_buffers && open_parser(by);
    for (int i = 0; i < of->count && ok; i++) {
        ok = new_cells(&by->cells[i], of->columns[i].use);
    }
    by->batch = ok ? new_batch(of, by->err) : NULL;
    return ok && by->batch && map_numbers(by) == DONE && bind(by) == DONE &&
           (of->patient < 0 || open_patients(by));
}

static void free_words(worker *by)
{
    for (int64_t i = 0; by->words && i < by->plan->answers.n_children; i++) {
        for (text *word = by->words[i]; word && word->bytes; word++) {
            free(word->bytes);
        }
        free(by->words[i]);
    }
    free(by->words);
}

void close_worker(worker *by)
{
    for (int i = 0; by->cells && i < by->plan->count; i++) {
        cells *one = &by->cells[i];
        free(one->numbers);
        free(one->keys);
        free(one->slots);
        free(one->entries);
        free(one->ends);
        free(one->raw.bytes);
        free(one->texts.bytes);
    }
    for (int i = 0; i < by->message_count; i++) {
        free(by->messages[i]);
    }
    free_words(by);
    close_patients(by);
    close_parser(by);
    bonemets_batch_free(by->batch);
    bonemets_error_free(by->err);
    void *const all[] = {by->cells,
                         by->records,
                         by->row_record,
                         by->bound,
                         by->schemas,
                         by->schema_list,
                         by->arrays,
                         by->array_list,
                         by->dictionaries,
                         by->buffers,
                         by->dictionary_buffers,
                         by->messages,
                         by->kept.bytes,
                         by->names,
                         by->key.bytes,
                         by->key_before.bytes};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        free(all[i]);
    }
}
