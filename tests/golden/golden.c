/* SPDX-License-Identifier: Apache-2.0 */
/* Golden vectors (vectors.jsonl; make.py says what its lines hold) against the handles of single
 * patients and the batch call, to the last bit, through the public header alone. JSON is YAML, so
 * libyaml reads it. usage: golden VECTORS */
#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { LONGEST_LINE = 1 << 16, MOST_COLUMNS = 200, MOST_ROWS = 64, TEXTS = 1 << 14 };

static bonemets_guidelines *set;
static bonemets_error *err;
static yaml_document_t document;
static const char *line_name;
static int lines, checks, wrong;

/* ---- JSON ---- */

typedef const yaml_node_t node;

static node *at(int number)
{
    return yaml_document_get_node(&document, number);
}

static node *find(node *map, const char *key)
{
    for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top;
         pair++)
        if (strcmp((const char *)at(pair->key)->data.scalar.value, key) == 0)
            return at(pair->value);
    return NULL;
}

static int size_of(node *list)
{
    return (int)(list->data.sequence.items.top - list->data.sequence.items.start);
}

static node *item(node *list, int i)
{
    return at(list->data.sequence.items.start[i]);
}

static int is_text(node *n)
{
    return n->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

/* A text; NULL for null. */
static const char *text_of(node *n)
{
    return n && is_text(n) ? (const char *)n->data.scalar.value : NULL;
}

static int is_null(node *n)
{
    return !is_text(n) && strcmp((const char *)n->data.scalar.value, "null") == 0;
}

static double number_of(node *n)
{
    char text[64];
    snprintf(text, sizeof text, "%s", (const char *)n->data.scalar.value);
    for (char *c = text; *c && strtod("0,5", NULL) > 0; c++) /* the locale has a decimal comma */
        *c = *c == '.' ? ',' : *c;
    return strtod(text, NULL);
}

static const char *text_in(node *map, const char *key)
{
    return text_of(find(map, key));
}

/* ---- comparing ---- */

static void check(int right, const char *what, const char *which, int row)
{
    checks++;
    if (!right && wrong++ < 20)
        fprintf(stderr, "%s: %s %s (%d) differs\n", line_name, which, what, row);
}

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int same_number(node *wanted, double is)
{
    double expected = number_of(wanted);
    return memcmp(&expected, &is, sizeof is) == 0;
}

static const char *state_name(int choice, int32_t state)
{
    static const char *const results[] = {"unknown", "partly", "known", "not_applicable", ""};
    static const char *const choices[] = {"unknown", "provisional", "known", "not_applicable",
                                          "none"};
    return state < 0 || state > BONEMETS_NONE ? "" : (choice ? choices : results)[state];
}

/* ---- records ---- */

static void check_choice(const bonemets_assessment *a, int32_t i, node *wanted)
{
    const char *id = text_in(wanted, "id");
    int32_t lesion = bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_LESION);
    int32_t state = bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_STATE);
    const char *code = bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE);
    check(same_text(text_in(wanted, "state"), state_name(1, state)), "state", id, lesion);
    check(same_text(text_in(wanted, "code"), state == BONEMETS_KNOWN ? code : NULL), "code", id,
          lesion);
    check(same_text(text_in(wanted, "provisional"), state == BONEMETS_PARTLY ? code : NULL),
          "provisional", id, lesion);
}

static void check_result(const bonemets_assessment *a, int32_t i, node *wanted)
{
    const char *id = text_in(wanted, "id");
    int32_t lesion = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_LESION);
    int32_t state = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);
    node *low = find(wanted, "low"), *high = find(wanted, "high");
    check(same_text(text_in(wanted, "state"), state_name(0, state)), "state", id, lesion);
    check(same_text(text_in(wanted, "band"),
                    bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND)),
          "band", id, lesion);
    check(is_null(low) == (state == BONEMETS_INAPPLICABLE), "null", id, lesion);
    if (state == BONEMETS_INAPPLICABLE)
        return;
    check(same_number(low, bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW)), "low",
          id, lesion);
    check(same_number(high, bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH)),
          "high", id, lesion);
}

static void check_record(const char *line, node *root)
{
    node *record = find(root, "record"), *expect = find(root, "expect");
    size_t from = record->start_mark.index, to = record->end_mark.index; /* ASCII */
    bonemets_patient *patient = NULL;
    bonemets_assessment *a = NULL;
    check(bonemets_patient_new(set, &patient) == BONEMETS_OK &&
              bonemets_patient_read(patient, line_name, line + from, to - from, err) ==
                  BONEMETS_OK &&
              bonemets_assess(patient, NULL, &a, err) == BONEMETS_OK,
          "record", "", 0);
    for (int i = 0; a && i < size_of(expect); i++) {
        node *wanted = item(expect, i);
        int choice = find(wanted, "code") != NULL;
        int32_t list = choice ? BONEMETS_CHOICES : BONEMETS_RESULTS;
        int32_t found = bonemets_assessment_find(a, list, text_in(wanted, "id"),
                                                 (int32_t)number_of(find(wanted, "lesion")));
        check(found >= 0, "entry", text_in(wanted, "id"), i);
        if (found >= 0 && choice)
            check_choice(a, found, wanted);
        else if (found >= 0)
            check_result(a, found, wanted);
    }
    bonemets_assessment_unref(a);
    bonemets_patient_free(patient);
}

/* ---- columns ---- */

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

typedef struct {
    struct ArrowSchema schema, schemas[MOST_COLUMNS], *schema_children[MOST_COLUMNS];
    struct ArrowArray array, arrays[MOST_COLUMNS], *array_children[MOST_COLUMNS];
    const void *buffers[MOST_COLUMNS][3], *none[1];
    uint8_t valid[MOST_COLUMNS][MOST_ROWS / 8], flags[MOST_COLUMNS][MOST_ROWS / 8];
    double numbers[MOST_COLUMNS][MOST_ROWS];
    int32_t ends[MOST_COLUMNS][MOST_ROWS + 1];
    char texts[MOST_COLUMNS][TEXTS / 4];
} table;

/* The format of a column: of its first cell that is not null. */
static const char *fill_column(table *t, int c, node *cells)
{
    const char *format = "n";
    for (int i = 0; i < size_of(cells); i++) {
        node *cell = item(cells, i);
        const char *word = (const char *)cell->data.scalar.value;
        uint8_t bit = (uint8_t)(1 << (i & 7));
        t->ends[c][i + 1] = t->ends[c][i];
        if (is_null(cell))
            continue;
        t->valid[c][i >> 3] |= bit;
        if (is_text(cell)) {
            format = "u";
            strcpy(t->texts[c] + t->ends[c][i], word);
            t->ends[c][i + 1] += (int32_t)strlen(word);
        } else if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
            format = "b";
            t->flags[c][i >> 3] |= *word == 't' ? bit : 0;
        } else {
            format = "g";
            t->numbers[c][i] = number_of(cell);
        }
    }
    return format;
}

static void add_column(table *t, const char *name, node *cells)
{
    int c = (int)t->schema.n_children++;
    const char *format = fill_column(t, c, cells);
    t->array.n_children++;
    t->array.length = size_of(cells);
    t->schemas[c] =
        (struct ArrowSchema){.format = format, .name = name, .flags = 2, .release = keep_schema};
    t->buffers[c][0] = t->valid[c];
    t->buffers[c][1] = *format == 'u'   ? (void *)t->ends[c]
                       : *format == 'b' ? (void *)t->flags[c]
                                        : (void *)t->numbers[c];
    t->buffers[c][2] = t->texts[c];
    t->arrays[c] = (struct ArrowArray){.length = size_of(cells),
                                       .null_count = -1,
                                       .n_buffers = *format == 'n'   ? 0
                                                    : *format == 'u' ? 3
                                                                     : 2,
                                       .buffers = t->buffers[c],
                                       .release = keep_array};
    t->schema_children[c] = &t->schemas[c];
    t->array_children[c] = &t->arrays[c];
}

static table *make_table(node *columns)
{
    table *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .children = t->schema_children, .release = keep_schema};
    t->array = (struct ArrowArray){
        .n_buffers = 1, .buffers = t->none, .children = t->array_children, .release = keep_array};
    for (yaml_node_pair_t *pair = columns->data.mapping.pairs.start;
         pair < columns->data.mapping.pairs.top; pair++)
        add_column(t, (const char *)at(pair->key)->data.scalar.value, at(pair->value));
    return t;
}

static int valid_at(const struct ArrowArray *column, int64_t row)
{
    return ((const uint8_t *)column->buffers[0])[row >> 3] >> (row & 7) & 1;
}

static int same_cell(node *wanted, const struct ArrowArray *column, int row)
{
    if (is_null(wanted) || !valid_at(column, row))
        return is_null(wanted) && !valid_at(column, row);
    if (!column->dictionary)
        return same_number(wanted, ((const double *)column->buffers[1])[row]);
    int8_t key = ((const int8_t *)column->buffers[1])[row];
    const int32_t *ends = column->dictionary->buffers[1];
    const char *text = text_of(wanted);
    size_t length = (size_t)(ends[key + 1] - ends[key]);
    return text && strlen(text) == length &&
           memcmp(text, (const char *)column->dictionary->buffers[2] + ends[key], length) == 0;
}

static void check_answer(node *expect, const struct ArrowSchema *schema,
                         const struct ArrowArray *answer)
{
    int64_t named = expect->data.mapping.pairs.top - expect->data.mapping.pairs.start;
    check(named == schema->n_children, "number of columns", "", 0);
    for (int64_t c = 0; c < schema->n_children; c++) {
        const char *name = schema->children[c]->name;
        node *cells = find(expect, name);
        check(cells && size_of(cells) == answer->length, "column", name, 0);
        for (int row = 0; cells && row < answer->length; row++)
            check(same_cell(item(cells, row), answer->children[c], row), "cell", name, row + 1);
    }
}

static void check_columns(node *root)
{
    const char *targets[MOST_COLUMNS];
    node *list = find(root, "targets");
    bonemets_batch *batch = NULL;
    struct ArrowSchema schema = {0};
    struct ArrowArray answer = {0};
    table *t = make_table(find(root, "columns"));
    for (int i = 0; i < size_of(list); i++)
        targets[i] = text_of(item(list, i));
    int done = bonemets_batch_new(set, targets, size_of(list), &batch, err) == BONEMETS_OK &&
               bonemets_batch_bind(batch, &t->schema, err) == BONEMETS_OK &&
               bonemets_batch_schema(batch, &schema) == BONEMETS_OK &&
               bonemets_batch_run(batch, &t->array, &answer, err) == BONEMETS_OK;
    check(done, "cohort", "", 0);
    if (done)
        check_answer(find(root, "expect"), &schema, &answer);
    if (answer.release)
        answer.release(&answer);
    if (schema.release)
        schema.release(&schema);
    bonemets_batch_free(batch);
    free(t);
}

/* ---- the file ---- */

static void check_line(const char *line)
{
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)line, strlen(line));
    if (!yaml_parser_load(&parser, &document)) {
        fprintf(stderr, "line %d is no JSON\n", lines + 1);
        wrong++;
    } else {
        node *root = yaml_document_get_root_node(&document);
        line_name = text_in(root, "name");
        if (find(root, "record"))
            check_record(line, root);
        else if (find(root, "columns"))
            check_columns(root);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    lines++;
}

static int load(void)
{
    bonemets_loader *loader = NULL;
    err = bonemets_error_new();
    if (err && bonemets_loader_new(NULL, NULL, &loader) == BONEMETS_OK &&
        bonemets_loader_add_embedded(loader, NULL, err) == BONEMETS_OK)
        bonemets_loader_build(loader, &set, err);
    bonemets_loader_free(loader);
    return set != NULL;
}

int main(int argc, char **argv)
{
    static char line[LONGEST_LINE];
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!file || !load()) {
        fputs("usage: golden VECTORS\n", stderr);
        return 1;
    }
    while (fgets(line, sizeof line, file))
        check_line(line);
    fclose(file);
    for (int32_t i = 0; i < bonemets_error_count(err); i++)
        fprintf(stderr, "%s\n", bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    printf("%d lines, %d values compared, %d differ\n", lines, checks, wrong);
    bonemets_guidelines_unref(set);
    bonemets_error_free(err);
    return wrong > 0 || checks < 5000;
}
