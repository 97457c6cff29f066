/* SPDX-License-Identifier: Apache-2.0 */
/* What the columns of a file are, and what is asked. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { LONGEST_NAME = 1000 };

static int no_memory(void)
{
    fputs("bonemets: out of memory\n", stderr);
    return FAILED;
}

/* Errors about columns, by name. */
static int print_columns(const plan *of, const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *name = bonemets_error_str(err, i, BONEMETS_F_PATH);
        print_plain(stderr, file_name(of->path));
        fputs(name ? ":1: column " : ": ", stderr);
        if (name) {
            print_plain(stderr, name);
            fputs(": ", stderr);
        }
        print_plain(stderr, bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
        putc('\n', stderr);
    }
    return FAILED;
}

/* What is odd about columns that are taken, or passed over, all the same. */
static void warn_of_columns(const plan *of, const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *name = bonemets_error_str(err, i, BONEMETS_F_PATH);
        if (bonemets_error_int(err, i, BONEMETS_F_SEVERITY) == BONEMETS_SEVERITY_WARNING && name) {
            print_plain(stderr, file_name(of->path));
            fputs(":1: warning: column ", stderr);
            print_plain(stderr, name);
            fputs(": ", stderr);
            print_plain(stderr, bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
            putc('\n', stderr);
        }
    }
}

/* Does an error tell of a column that names no fact, though nobody said that it does? */
static int is_stray(const plan *of, const bonemets_error *err, int32_t i)
{
    const char *name = bonemets_error_str(err, i, BONEMETS_F_PATH);
    for (int c = 0; c < of->count && name; c++) {
        if (strcmp(of->columns[c].name, name) == 0) {
            return bonemets_error_int(err, i, BONEMETS_F_STATUS) == BONEMETS_E_FACT &&
                   !of->columns[c].mapped;
        }
    }
    return 0;
}

static int refuse_columns(const plan *of, const bonemets_error *err)
{
    print_columns(of, err);
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        if (is_stray(of, err, i)) {
            fputs("bonemets: columns that are no facts: --keep ", stderr);
            print_plain(stderr, bonemets_error_str(err, i, BONEMETS_F_PATH));
            fputs(" puts one beside the answer, --others skip passes over all of them\n", stderr);
            break;
        }
    }
    return FAILED;
}

/* ---- lists parted by commas ---- */

static int list_targets(plan *of)
{
    const char *list = of->options->score;
    size_t most = 1;
    for (const char *at = list; (at = strchr(at, ',')) != NULL; at++) {
        most++;
    }
    of->targets = calloc(most, sizeof *of->targets);
    of->target_list = malloc(strlen(list) + 1);
    if (!of->targets || !of->target_list) {
        return no_memory();
    }
    for (char *at = strcpy(of->target_list, list); at;) {
        char *comma = strchr(at, ',');
        if (comma) {
            *comma = '\0';
        }
        of->targets[of->target_count++] = at;
        at = comma ? comma + 1 : NULL;
    }
    return DONE;
}

static int keep_one(plan *of, const char *name, size_t length)
{
    int found = 0;
    for (int i = 0; i < of->count; i++) {
        if (strlen(of->columns[i].name) == length &&
            memcmp(of->columns[i].name, name, length) == 0) {
            of->columns[i].kept = found = 1;
        }
    }
    if (!found) {
        fprintf(stderr, "bonemets: there is no column to keep called '%.*s'\n", (int)length, name);
        return FAILED;
    }
    return DONE;
}

static int keep_columns(plan *of)
{
    int status = DONE;
    for (const char *at = of->options->keep; at && status == DONE;) {
        const size_t length = strcspn(at, ",");
        status = keep_one(of, at, length);
        at = at[length] ? at + length + 1 : NULL;
    }
    return status;
}

/* ---- columns ---- */

/* Lists of records are called as their kind, with an s. Such a column is not passed over because it is
 * kept: the batch says that it takes no texts. */
static int names_list(const plan *of, const char *name)
{
    const size_t length = strlen(name);
    for (int32_t i = 0; i < bonemets_fact_count(of->set); i++) {
        const char *about =
            bonemets_fact_str(of->set, bonemets_fact_at(of->set, i), BONEMETS_F_ABOUT);
        if (about && strcmp(about, "patient") != 0 && strlen(about) + 1 == length &&
            strncmp(about, name, length - 1) == 0 && name[length - 1] == 's') {
            return 1;
        }
    }
    return 0;
}

static int holds_fact(const plan *of, const char *name)
{
    char key[LONGEST_NAME];
    const size_t length = strcspn(name, ".[ ");
    if (length >= sizeof key) {
        return 0;
    }
    memcpy(key, name, length);
    key[length] = '\0';
    return bonemets_fact_find(of->set, key) != 0 || names_list(of, name);
}

bonemets_batch *new_batch(const plan *of, bonemets_error *err)
{
    bonemets_batch *batch = NULL;
    bonemets_status status =
        bonemets_batch_new(of->set, of->targets, of->target_count, &batch, err);
    if (status == BONEMETS_OK && of->options->profile) {
        status = bonemets_batch_set_profile(batch, of->options->profile, err);
    }
    if (status == BONEMETS_OK) {
        const char *others = of->options->others;
        status = bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS,
                                           others && strcmp(others, "skip") == 0);
    }
    if (status == BONEMETS_OK) {
        status = bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, of->options->items);
    }
    if (status == BONEMETS_OK) {
        status = bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, of->options->missing);
    }
    if (status != BONEMETS_OK) {
        print_columns(of, err);
        bonemets_batch_free(batch);
        return NULL;
    }
    return batch;
}

static void release_nothing(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int map_columns(const plan *of, bonemets_batch *batch, bonemets_error *err)
{
    for (int i = 0; i < of->count; i++) {
        const column *one = &of->columns[i];
        if (one->mapped && bonemets_batch_map(batch, one->name, one->fact, one->unit, err)) {
            return print_columns(of, err);
        }
    }
    return DONE;
}

static int bind_texts(const plan *of, bonemets_batch *batch, bonemets_error *err)
{
    struct ArrowSchema *columns = calloc((size_t)of->count + 1, sizeof *columns);
    struct ArrowSchema **list = calloc((size_t)of->count + 1, sizeof *list);
    int status = columns && list ? DONE : no_memory();
    for (int i = 0; i < of->count && status == DONE; i++) {
        columns[i] = (struct ArrowSchema){
            .format = "u", .name = of->columns[i].name, .release = release_nothing};
        list[i] = &columns[i];
    }
    if (status == DONE) {
        const struct ArrowSchema schema = {
            .format = "+s", .n_children = of->count, .children = list, .release = release_nothing};
        status = bonemets_batch_bind(batch, &schema, err) == BONEMETS_OK ? DONE
                                                                         : refuse_columns(of, err);
        if (status == DONE) {
            warn_of_columns(of, err);
        }
    }
    free(columns);
    free(list);
    return status;
}

static char *copy_of(const char *word, size_t length)
{
    char *copy = calloc(1, length + 1);
    return copy ? memcpy(copy, word, length) : NULL;
}

/* The name of a column without its unit, unless it was mapped. */
static int take_key(column *to, const bonemets_batch *batch, int i)
{
    const char *unit = bonemets_batch_column_str(batch, i, BONEMETS_F_UNIT);
    const char *name = to->mapped ? to->fact : to->name;
    size_t length = to->mapped ? strlen(name) : strcspn(name, "[");
    while (length > 0 && name[length - 1] == ' ') {
        length--;
    }
    to->key = copy_of(name, length);
    to->key_unit = unit ? copy_of(unit, strlen(unit)) : NULL;
    return to->key && (to->key_unit || !unit) ? DONE : no_memory();
}

/* Numbers go in as numbers where the column has a unit, or the fact needs none. */
static int find_use(const plan *of, const bonemets_batch *batch, int i)
{
    column *to = &of->columns[i];
    const char *key = bonemets_batch_column_str(batch, i, BONEMETS_F_ID);
    to->use = to->field >= 0 ? AS_BOX : key ? AS_TEXT : NOT_READ;
    if (key && take_key(to, batch, i)) {
        return FAILED;
    }
    const bonemets_fact fact = bonemets_fact_find(of->set, key);
    to->type = bonemets_fact_str(of->set, fact, BONEMETS_F_TYPE);
    to->about = bonemets_fact_str(of->set, fact, BONEMETS_F_ABOUT);
    if (!key || to->use == AS_BOX || to->code_count > 0 || of->patient >= 0) {
        return DONE;
    }
    const char *type = to->type;
    const char *own = bonemets_fact_str(of->set, fact, BONEMETS_F_UNIT);
    const int unit = !own || strcmp(own, "1") == 0 ||
                     bonemets_batch_column_str(batch, i, BONEMETS_F_UNIT) != NULL;
    to->whole = type && strcmp(type, "count") == 0;
    if (type && (to->whole || (strcmp(type, "quantity") == 0 && unit))) {
        to->use = AS_NUMBER;
    }
    return DONE;
}

/* Two columns of one name could be taken for each other. */
static int check_kept(const plan *of)
{
    for (int i = 0; i < of->count; i++) {
        for (int64_t a = 0; a < of->answers.n_children && of->columns[i].kept; a++) {
            if (strcmp(of->columns[i].name, of->answers.children[a]->name) == 0) {
                complain("the answer has a column of its own called", of->columns[i].name, NULL);
                return FAILED;
            }
        }
    }
    return DONE;
}

/* The batch says which columns it reads. */
static int find_uses(plan *of)
{
    bonemets_error *err = bonemets_error_new();
    bonemets_batch *batch = err ? new_batch(of, err) : NULL;
    int status = batch ? map_columns(of, batch, err) : FAILED;
    status = status == DONE ? bind_texts(of, batch, err) : status;
    for (int i = 0; i < of->count && status == DONE; i++) {
        status = find_use(of, batch, i);
    }
    if (status == DONE && bonemets_batch_schema(batch, &of->answers) != BONEMETS_OK) {
        status = no_memory();
    }
    status = status == DONE ? check_kept(of) : status;
    bonemets_batch_free(batch);
    bonemets_error_free(err);
    return status;
}

static int take_names(plan *of, char **names, int count)
{
    of->columns = calloc((size_t)count + 1, sizeof *of->columns);
    if (!of->columns) {
        return no_memory();
    }
    of->count = count;
    for (int i = 0; i < count; i++) {
        of->columns[i].name = names[i];
        of->columns[i].field = -1;
        names[i] = NULL;
    }
    if (count == 1 && strchr(of->columns[0].name, ';')) {
        fputs("bonemets: the columns are parted by semicolons: use --delimiter ';'\n", stderr);
        return FAILED;
    }
    return DONE;
}

static int find_patient(plan *of)
{
    const char *name = of->options->patient;
    for (int i = 0; i < of->count; i++) {
        if (name && strcmp(of->columns[i].name, name) == 0) {
            of->patient = i;
            of->columns[i].mapped |= !holds_fact(of, name);
            return DONE;
        }
    }
    if (name) {
        complain("there is no column of patients called", name, NULL);
    }
    return name ? FAILED : DONE;
}

int make_plan(plan *of, const arguments *options, char **names, int count)
{
    of->options = options;
    int status = take_names(of, names, count);
    if (status == DONE) {
        status = list_targets(of);
    }
    if (status == DONE && options->keep) {
        status = keep_columns(of);
    }
    if (status == DONE && options->map) {
        status = read_map(of);
    }
    for (int i = 0; i < of->count && status == DONE; i++) {
        column *one = &of->columns[i];
        one->mapped |= one->kept && !holds_fact(of, one->name);
    }
    status = status == DONE ? find_patient(of) : status;
    return status == DONE ? find_uses(of) : status;
}

static void free_column(column *one)
{
    for (int c = 0; c < one->code_count; c++) {
        free(one->codes[c].code);
        free(one->codes[c].option);
    }
    free(one->codes);
    free(one->name);
    free(one->fact);
    free(one->unit);
    free(one->key);
    free(one->key_unit);
}

void free_plan(plan *of)
{
    for (int i = 0; i < of->count; i++) {
        free_column(&of->columns[i]);
    }
    free(of->columns);
    free(of->targets);
    free(of->target_list);
    if (of->answers.release) {
        of->answers.release(&of->answers);
    }
}
