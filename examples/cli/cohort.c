/* SPDX-License-Identifier: Apache-2.0 */
/* `bonemets cohort`: every line of a CSV file is a patient. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cohort.h"

enum { LONGEST_LINE = 1000, EVERY = 50, STATES = 5 };

typedef struct {
    const arguments *options;
    bonemets_guidelines *set;
    bonemets_batch *batch;
    bonemets_error *err;
    csv_rows rows;
    uint8_t *kept;             /* columns that are copied */
    struct ArrowSchema schema; /* of the answer */
    int64_t (*states)[STATES];
    FILE *out;
    int started; /* something was written */
    char *draft; /* the file that is written until all is well */
} cohort_run;

static int complain_plainly(const char *message)
{
    fprintf(stderr, "bonemets: %s\n", message);
    return FAILED;
}

/* ---- errors ---- */

/* Rows become lines of the file. */
static int print_cells(const cohort_run *run)
{
    const bonemets_error *err = run->err;
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const int32_t row = bonemets_error_int(err, i, BONEMETS_F_LINE);
        const char *column = bonemets_error_str(err, i, BONEMETS_F_PATH);
        print_plain(stderr, file_name(run->rows.path));
        if (row > 0 && row <= run->rows.rows) {
            fprintf(stderr, ":%lld", (long long)run->rows.lines[row - 1]);
        } else if (column) {
            fputs(":1", stderr);
        }
        fputs(": ", stderr);
        if (column) {
            fputs("column ", stderr);
            print_plain(stderr, column);
            fputs(": ", stderr);
        }
        print_plain(stderr, bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
        putc('\n', stderr);
    }
    return FAILED;
}

/* ---- what the columns are ---- */

/* Calls `take` with each part of a list parted by commas. */
static int each_part(cohort_run *run, const char *list, int (*take)(cohort_run *, const char *))
{
    char *copy = malloc(strlen(list) + 1);
    int status = copy ? DONE : complain_plainly("out of memory");
    if (copy) {
        strcpy(copy, list);
    }
    for (char *at = copy; at && status == DONE;) {
        char *comma = strchr(at, ',');
        if (comma) {
            *comma = '\0';
        }
        status = take(run, at);
        at = comma ? comma + 1 : NULL;
    }
    free(copy);
    return status;
}

static int keep(cohort_run *run, const char *name)
{
    int found = 0;
    for (int i = 0; i < run->rows.count; i++) {
        if (strcmp(run->rows.columns[i].name, name) == 0) {
            run->kept[i] = 1;
            found = 1;
        }
    }
    if (!found) {
        complain("there is no column to keep called", name, NULL);
        return FAILED;
    }
    return DONE;
}

static int holds_fact(const cohort_run *run, const char *name)
{
    char key[LONGEST_LINE];
    const size_t length = strcspn(name, ".[ ");
    if (length >= sizeof key) {
        return 0;
    }
    memcpy(key, name, length);
    key[length] = '\0';
    return bonemets_fact_find(run->set, key) != 0;
}

/* A column that is kept and is no fact is not read. */
static int pass_over_kept(cohort_run *run)
{
    for (int i = 0; i < run->rows.count; i++) {
        const char *name = run->rows.columns[i].name;
        if (run->kept[i] && !holds_fact(run, name) &&
            bonemets_batch_map(run->batch, name, NULL, NULL, run->err) != BONEMETS_OK) {
            return print_cells(run);
        }
    }
    return DONE;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1])) {
        text[--length] = '\0';
    }
    return text;
}

/* `COLUMN = FACT [UNIT]`; without a fact the column is passed over. */
static int map_line(cohort_run *run, char *line, int number)
{
    char *equals = strchr(line, '=');
    char *column = trimmed(line), *unit = NULL;
    if (*column == '\0' || *column == '#') {
        return DONE;
    }
    if (!equals) {
        fprintf(stderr, "bonemets: %s:%d: write COLUMN = FACT or COLUMN = FACT [UNIT]\n",
                run->options->map, number);
        return FAILED;
    }
    *equals = '\0';
    column = trimmed(line);
    char *fact = trimmed(equals + 1), *open = strchr(fact, '[');
    const size_t length = strlen(fact);
    if (open && fact[length - 1] == ']') {
        fact[length - 1] = '\0';
        *open = '\0';
        unit = open + 1;
        fact = trimmed(fact);
    }
    if (bonemets_batch_map(run->batch, column, *fact ? fact : NULL, unit, run->err)) {
        fprintf(stderr, "bonemets: %s:%d: ", run->options->map, number);
        return print_cells(run);
    }
    return DONE;
}

static int read_map(cohort_run *run)
{
    char line[LONGEST_LINE];
    int status = DONE, number = 0;
    FILE *file = fopen(run->options->map, "r");
    if (!file) {
        complain("the map cannot be read:", run->options->map, NULL);
        return FAILED;
    }
    while (status == DONE && fgets(line, sizeof line, file)) {
        status = map_line(run, line, ++number);
    }
    fclose(file);
    return status;
}

/* ---- columns as Arrow has them ---- */

static void release_nothing(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_no_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static int bind(cohort_run *run)
{
    const int count = run->rows.count;
    struct ArrowSchema *columns = calloc((size_t)count + 1, sizeof *columns);
    struct ArrowSchema **pointers = calloc((size_t)count + 1, sizeof *pointers);
    bonemets_status status = BONEMETS_E_MEMORY;
    if (columns && pointers) {
        for (int i = 0; i < count; i++) {
            columns[i] = (struct ArrowSchema){
                .format = "u", .name = run->rows.columns[i].name, .release = release_nothing};
            pointers[i] = &columns[i];
        }
        const struct ArrowSchema schema = {
            .format = "+s", .n_children = count, .children = pointers, .release = release_nothing};
        status = bonemets_batch_bind(run->batch, &schema, run->err);
    }
    free(columns);
    free(pointers);
    return status == BONEMETS_OK ? DONE : print_cells(run);
}

static bonemets_status evaluate(cohort_run *run, struct ArrowArray *answer)
{
    const int count = run->rows.count;
    struct ArrowArray *columns = calloc((size_t)count + 1, sizeof *columns);
    struct ArrowArray **pointers = calloc((size_t)count + 1, sizeof *pointers);
    const void *(*buffers)[3] = calloc((size_t)count + 1, sizeof *buffers);
    const void *none[1] = {NULL};
    bonemets_status status = BONEMETS_E_MEMORY;
    for (int i = 0; columns && pointers && buffers && i < count; i++) {
        const text_column *from = &run->rows.columns[i];
        buffers[i][0] = from->valid;
        buffers[i][1] = from->ends;
        buffers[i][2] = from->bytes ? from->bytes : "";
        columns[i] = (struct ArrowArray){.length = run->rows.rows,
                                         .null_count = -1,
                                         .n_buffers = 3,
                                         .buffers = buffers[i],
                                         .release = release_no_array};
        pointers[i] = &columns[i];
    }
    if (columns && pointers && buffers) {
        const struct ArrowArray array = {.length = run->rows.rows,
                                         .n_buffers = 1,
                                         .n_children = count,
                                         .buffers = none,
                                         .children = pointers,
                                         .release = release_no_array};
        bonemets_error_clear(run->err);
        status = bonemets_batch_run(run->batch, &array, answer, run->err);
    }
    free(columns);
    free(pointers);
    free(buffers);
    return status;
}

/* ---- counting and telling ---- */

static int ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), wanted = strlen(end);
    return length > wanted && strcmp(name + length - wanted, end) == 0;
}

static void count_states(cohort_run *run, const struct ArrowArray *answer)
{
    for (int64_t i = 0; i < answer->n_children; i++) {
        if (!ends_with(run->schema.children[i]->name, ".state")) {
            continue;
        }
        const int8_t *states = answer->children[i]->buffers[1];
        for (int64_t row = 0; row < answer->length; row++) {
            run->states[i][states[row]]++;
        }
    }
}

static void tell_progress(const cohort_run *run, int64_t chunk, int end)
{
    if (isatty(STDERR_FILENO) && (end || chunk % EVERY == 0)) {
        fprintf(stderr, "\r%lld rows%s", (long long)run->rows.total, end ? "\n" : "");
    }
}

static void tell_states(const cohort_run *run, const char *const *names, int64_t i)
{
    const char *name = run->schema.children[i]->name;
    const char *sign = "";
    fprintf(stderr, "%.*s: ", (int)(strlen(name) - strlen(".state")), name);
    for (int s = 0; s < STATES; s++) {
        if (run->states[i][s] > 0) {
            fprintf(stderr, "%s%s %lld", sign, names[s], (long long)run->states[i][s]);
            sign = ", ";
        }
    }
    fputs(*sign ? "\n" : "no row\n", stderr);
}

static void tell_bad_cells(const cohort_run *run)
{
    for (int32_t i = 0; i < bonemets_batch_column_count(run->batch); i++) {
        const char *name = bonemets_batch_column_str(run->batch, i, BONEMETS_F_LABEL);
        for (bonemets_status reason = 1; reason <= BONEMETS_E_SPACE; reason++) {
            const int64_t count = bonemets_batch_column_bad(run->batch, i, reason);
            if (count > 0) {
                fputs("taken as unknown: column ", stderr);
                print_plain(stderr, name);
                fprintf(stderr, ": %lld cells: %s\n", (long long)count,
                        bonemets_status_name(reason));
            }
        }
        if (!bonemets_batch_column_str(run->batch, i, BONEMETS_F_ID)) {
            fputs("not read: column ", stderr);
            print_plain(stderr, name);
            fputs(run->kept[i] ? " (kept)\n" : "\n", stderr);
        }
    }
}

static void tell_all(const cohort_run *run)
{
    static const char *const of_results[] = {"unknown", "partly", "known", "not applicable", ""};
    static const char *const of_choices[] = {"unknown", "provisional", "known", "", "none"};
    fprintf(stderr, "%lld rows, %lld of them complete and evaluated by columns\n",
            (long long)run->rows.total,
            (long long)bonemets_batch_int(run->batch, BONEMETS_BATCH_COLUMNAR));
    for (int64_t i = 0; i < run->schema.n_children; i++) {
        const int choice =
            i + 1 < run->schema.n_children && ends_with(run->schema.children[i + 1]->name, ".code");
        if (ends_with(run->schema.children[i]->name, ".state")) {
            tell_states(run, choice ? of_choices : of_results, i);
        }
    }
    tell_bad_cells(run);
    if (run->rows.ragged > 0) {
        fprintf(stderr, "left out: %lld lines with a wrong number of fields, the first is %lld\n",
                (long long)run->rows.ragged, (long long)run->rows.first_ragged);
    }
    fprintf(stderr, "tables %s\n", bonemets_guidelines_str(run->set, BONEMETS_F_DIGEST));
}

/* ---- the run ---- */

static int open_output(cohort_run *run)
{
    const char *path = run->options->output;
    run->out = stdout;
    if (!path) {
        return DONE;
    }
    run->draft = malloc(strlen(path) + sizeof ".part");
    if (!run->draft) {
        return complain_plainly("out of memory");
    }
    strcat(strcpy(run->draft, path), ".part");
    run->out = fopen(run->draft, "wb");
    if (!run->out) {
        complain(strerror(errno), run->draft, NULL);
        return FAILED;
    }
    return DONE;
}

/* The file gets its name only when all rows are in it. */
static int close_output(cohort_run *run, int status)
{
    if (!run->draft) {
        return status;
    }
    if (run->out && (ferror(run->out) | fclose(run->out)) != 0 && status == DONE) {
        status = complain_plainly("the answer could not be written in full");
    }
    if (status == DONE && rename(run->draft, run->options->output) != 0) {
        complain(strerror(errno), run->options->output, NULL);
        status = FAILED;
    }
    if (status != DONE) {
        remove(run->draft);
    }
    free(run->draft);
    return status;
}

static int run_rows(cohort_run *run)
{
    int more;
    int64_t chunk = 0;
    run->started = 1;
    write_names(run->out, &run->rows, run->kept, &run->schema);
    while ((more = next_rows(&run->rows)) > 0) {
        struct ArrowArray answer;
        if (evaluate(run, &answer) != BONEMETS_OK) {
            return print_cells(run);
        }
        count_states(run, &answer);
        write_rows(run->out, &run->rows, run->kept, &run->schema, &answer);
        answer.release(&answer);
        tell_progress(run, chunk++, 0);
        if (ferror(run->out)) {
            return complain_plainly("the answer could not be written");
        }
    }
    tell_progress(run, chunk, 1);
    return more < 0 ? FAILED : DONE;
}

enum { MOST_TARGETS = 256 };

static int open_batch(cohort_run *run)
{
    const char *targets[MOST_TARGETS];
    int32_t count = 0;
    char *list = malloc(strlen(run->options->score) + 1);
    if (!list) {
        return complain_plainly("out of memory");
    }
    for (char *at = strcpy(list, run->options->score); at && count < MOST_TARGETS;) {
        char *comma = strchr(at, ',');
        if (comma) {
            *comma = '\0';
        }
        targets[count++] = at;
        at = comma ? comma + 1 : NULL;
    }
    bonemets_status status = bonemets_batch_new(run->set, targets, count, &run->batch, run->err);
    free(list);
    if (status == BONEMETS_OK && run->options->profile) {
        status = bonemets_batch_set_profile(run->batch, run->options->profile, run->err);
    }
    if (status != BONEMETS_OK) {
        print_errors(run->err);
        return FAILED;
    }
    bonemets_batch_set_option(run->batch, BONEMETS_BATCH_COUNT_BAD, run->rows.skip_ragged);
    bonemets_batch_set_option(run->batch, BONEMETS_BATCH_SKIP_COLUMNS, run->options->skip_others);
    return DONE;
}

static int prepare(cohort_run *run)
{
    int status = open_batch(run);
    if (status == DONE && !open_rows(&run->rows)) {
        status = FAILED;
    }
    if (status == DONE && run->rows.count == 1 && strchr(run->rows.columns[0].name, ';')) {
        return complain_plainly("the columns are parted by semicolons: use --delimiter ';'");
    }
    if (status == DONE) {
        run->kept = calloc((size_t)run->rows.count + 1, 1);
        status = run->kept ? DONE : complain_plainly("out of memory");
    }
    if (status == DONE && run->options->keep) {
        status = each_part(run, run->options->keep, keep);
    }
    if (status == DONE && run->options->map) {
        status = read_map(run);
    }
    if (status == DONE) {
        status = pass_over_kept(run);
    }
    if (status == DONE) {
        status = bind(run);
    }
    if (status == DONE && bonemets_batch_schema(run->batch, &run->schema) == BONEMETS_OK) {
        run->states = calloc((size_t)run->schema.n_children + 1, sizeof *run->states);
    }
    return status == DONE && !run->states ? complain_plainly("out of memory") : status;
}

int cohort(const arguments *options)
{
    cohort_run run = {.options = options, .err = bonemets_error_new()};
    run.rows.path = options->words[0];
    run.rows.delimiter = options->delimiter ? options->delimiter[0] : ',';
    run.rows.missing = options->missing;
    run.rows.skip_ragged = options->on_error && strcmp(options->on_error, "count") == 0;
    run.set = load_chosen_tables(options);
    int status = run.set && run.err ? prepare(&run) : FAILED;
    if (status == DONE) {
        status = open_output(&run);
        if (status == DONE) {
            status = run_rows(&run);
        }
        status = close_output(&run, status);
    }
    if (status == DONE) {
        tell_all(&run);
    } else if (run.started && !options->output) {
        fputs("bonemets: the run was ended; do not use what was written\n", stderr);
    }
    if (run.schema.release) {
        run.schema.release(&run.schema);
    }
    close_rows(&run.rows);
    bonemets_batch_free(run.batch);
    bonemets_guidelines_unref(run.set);
    bonemets_error_free(run.err);
    free(run.states);
    free(run.kept);
    return status;
}
