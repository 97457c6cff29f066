/* SPDX-License-Identifier: Apache-2.0 */
/* From the cells of columns to what they say about a fact, with the checks and the words of a
 * patient record. */
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"
#include "engine/lookup.h"
#include "record/read.h"

enum {
    LONGEST_CELL = 240,
    LONGEST_UNIT = 40,
    TEXT_PLACES = 1024,
    MOST_TEXTS = 768,
    MOST_TOLD = 20
};

/* ---- one cell ---- */

/* A statement that stands in a row of a column, for messages. */
typedef struct {
    bm_node root, cell;
    bm_statement statement;
} spot;

static void open_spot(spot *at, const bm_batch_column *column, const char *text, int64_t row,
                      bonemets_error *err)
{
    memset(at, 0, sizeof *at);
    at->root.kind = BM_MAP;
    at->cell.kind = BM_SCALAR;
    at->cell.quoted = true;
    at->cell.parent = column->of ? &column->of->path[1] : &at->root;
    at->cell.key = column->key;
    at->cell.line = row > INT_MAX ? INT_MAX : (int)row;
    at->cell.text = text;
    at->cell.length = strlen(text);
    at->statement = (bm_statement){.fact = column->fact,
                                   .node = &at->cell,
                                   .path = column->of ? NULL : column->name,
                                   .err = err};
}

static bonemets_status truth(spot *at, bm_cell *out)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"0", "1"}};
    for (int i = 0; i < 3; i++)
        for (int yes = 0; yes < 2; yes++)
            if (strcmp(at->cell.text, words[i][yes]) == 0) {
                out->low.mask = yes ? BM_YES : BM_NO;
                return BONEMETS_OK;
            }
    return bm_fail(at->statement.err, BONEMETS_E_TYPE,
                   &(bm_place){.line = at->cell.line, .path = at->cell.key},
                   "this is neither yes nor no");
}

/* A list as people write one elsewhere; an accepted spelling may have a comma in it. */
static bool has_commas(const spot *at, const char *text)
{
    uint64_t present = 0;
    bm_statement quiet = at->statement;
    quiet.err = NULL;
    return strchr(text, ',') && !strchr(text, ';') && bm_statement_option(&quiet, text, &present);
}

/* Members parted by semicolons. */
static bonemets_status members(spot *at, char *text, bm_cell *out)
{
    uint64_t present = 0;
    const bm_names *index = &at->statement.fact->type.codes->index;
    if (*text == '[' || has_commas(at, text))
        return bm_statement_refuse(&at->statement, BONEMETS_E_TYPE,
                                   "members stand without brackets, parted by semicolons: a;b");
    bool none = strcmp(text, "none") == 0 && bm_names_find(index, "none") < 0;
    for (char *next = none ? NULL : text; next;) {
        char *one = next;
        next = strchr(one, ';');
        if (next)
            *next++ = '\0';
        one += strspn(one, " ");
        for (size_t end = strlen(one); end > 0 && one[end - 1] == ' ';)
            one[--end] = '\0';
        bonemets_status status = bm_statement_option(&at->statement, one, &present);
        if (status)
            return status;
    }
    return bm_statement_members(&at->statement, present, 0, out);
}

/* A row has one record of each kind, so that is the one it is linked to. */
static bonemets_status linked(spot *at, bool first, bm_cell *out)
{
    if (!first)
        return bm_statement_refuse(&at->statement, BONEMETS_E_RANGE,
                                   "a row has one record of each kind, so this is 1");
    out->low.mask = out->high.mask = 1;
    return BONEMETS_OK;
}

/* A bare number is in the unit of its column. */
static bonemets_status add_unit(spot *at, const char *unit, char *text)
{
    size_t length = at->cell.length, sign = strspn(text, "<>= ");
    double number;
    if (bm_read_number(text + sign, length - sign, &number))
        return BONEMETS_OK; /* it has a unit of its own, or is refused later */
    const bm_type *type = &at->statement.fact->type;
    if (!unit && !type->whole && type->unit && strcmp(type->unit, "1") != 0)
        return bm_statement_refuse(
            &at->statement, BONEMETS_E_UNIT,
            "the unit is missing; write it behind the number, or in brackets "
            "behind the name of the column");
    if (unit && strcmp(unit, "1") != 0 && strlen(unit) < LONGEST_UNIT) {
        text[length] = ' ';
        memcpy(text + length + 1, unit, strlen(unit) + 1);
        at->cell.length = length + 1 + strlen(unit);
    }
    return BONEMETS_OK;
}

static bonemets_status not_text(const bm_batch_column *column, int64_t row, bonemets_error *err,
                                const char *what)
{
    spot at;
    open_spot(&at, column, "", row, err);
    return bm_statement_refuse(&at.statement, BONEMETS_E_TYPE, "%s", what);
}

bonemets_status bm_cell_from_text(const bm_batch_column *column, const char *text, size_t length,
                                  int64_t row, bonemets_error *err, bm_cell *out)
{
    char copy[LONGEST_CELL + LONGEST_UNIT + 2];
    spot at;
    *out = (bm_cell){0};
    if (bm_utf8_valid(text, length) < length)
        return not_text(column, row, err, "the text is not UTF-8");
    if (length && memchr(text, '\0', length))
        return not_text(column, row, err, "the text holds a NUL");
    if (length > LONGEST_CELL)
        return not_text(column, row, err, "the text is too long");
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    open_spot(&at, column, copy, row, err);
    if (column->member >= 0)
        return truth(&at, out);
    bm_base base = column->fact->type.base;
    bonemets_status status = BONEMETS_OK;
    if (base == BM_SET)
        return column->fact->is_link && !column->of ? linked(&at, strcmp(copy, "1") == 0, out)
                                                    : members(&at, copy, out);
    if (base == BM_NUMBER)
        status = add_unit(&at, column->unit, copy);
    else if (base == BM_BOOL)
        return truth(&at, out);
    return status ? status : bm_record_read_value(at.statement, out);
}

/* A whole number names the option that is written so. */
static bonemets_status code_number(spot *at, double x, bm_cell *out)
{
    char text[32];
    bm_text name;
    bm_text_init(&name, text, sizeof text);
    bm_put_number(&name, x);
    bonemets_status status = bm_statement_option(&at->statement, text, &out->low.mask);
    return status ? status : bm_statement_settled(&at->statement, *out);
}

/* The record of that number, from 1. */
static bonemets_status linked_number(spot *at, double x, bm_cell *out)
{
    char text[32];
    bm_text number;
    uint64_t present = 0;
    bm_text_init(&number, text, sizeof text);
    bm_put_number(&number, x);
    bonemets_status status = bm_statement_option(&at->statement, text, &present);
    return status ? status : bm_statement_members(&at->statement, present, 0, out);
}

bonemets_status bm_cell_check_link(bm_reader *r, int64_t i, bm_cell cell, int count)
{
    const bm_definitions *definitions = &r->batch->set->definitions;
    const bm_fact *fact = r->column->fact;
    spot at;
    if (count >= BM_OPTIONS || cell.high.mask >> count == 0)
        return BONEMETS_OK;
    open_spot(&at, r->column, "", r->first + i, NULL);
    char path[LONGEST_CELL];
    bm_place place = bm_node_place(NULL, &at.cell, path, sizeof path);
    return bm_fail(bm_cell_told(r), BONEMETS_E_RANGE, &place,
                   "there is no %s of that number; the row has %d",
                   definitions->kinds[fact->type.link].id, count);
}

bonemets_status bm_cell_from_number(const bm_batch_column *column, double x, int64_t row,
                                    bonemets_error *err, bm_cell *out)
{
    spot at;
    *out = (bm_cell){0};
    open_spot(&at, column, "", row, err);
    bm_base base = column->fact->type.base;
    if (bm_is_date(column->shape.store))
        return bm_statement_day(&at.statement, x, out);
    if (base == BM_NUMBER) {
        const char *unit =
            bm_is_time(column->shape.store) ? bm_type_unit_name(&column->fact->type) : column->unit;
        bonemets_status status = bm_statement_number(&at.statement, x, unit, &out->low.number);
        out->high.number = out->low.number;
        return status;
    }
    if (base == BM_CODE && column->member < 0)
        return code_number(&at, x, out);
    bool yes = x > 0;
    if (base == BM_SET && column->member < 0)
        return column->of ? linked_number(&at, x, out) : linked(&at, yes && x <= 1, out);
    if ((yes && x > 1) || x < 0)
        return bm_statement_refuse(&at.statement, BONEMETS_E_TYPE, "this is neither 0 nor 1");
    out->low.mask = yes ? BM_YES : BM_NO;
    return BONEMETS_OK;
}

bonemets_status bm_cell_not_of_schema(const bm_batch_column *column, bonemets_error *err)
{
    return bm_fail(err, BONEMETS_E_ARGUMENT, column ? &(bm_place){.path = column->name} : NULL,
                   "the array is not what its schema says");
}

/* ---- texts that come again ---- */

static uint32_t hash_of(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    return hash;
}

static bm_read_text *place_of(bm_batch_column *column, const char *text, size_t length)
{
    uint32_t at = hash_of(text, length) % TEXT_PLACES;
    while (column->texts[at].text && (column->texts[at].length != length ||
                                      memcmp(column->texts[at].text, text, length) != 0))
        at = (at + 1) % TEXT_PLACES;
    return &column->texts[at];
}

static bonemets_status read_text(bonemets_batch *batch, bm_batch_column *column, const char *text,
                                 size_t length, bm_cell *out)
{
    if (!column->texts)
        column->texts = bm_arena_array(&batch->bound, TEXT_PLACES, sizeof *column->texts);
    if (!column->texts)
        return BONEMETS_E_MEMORY;
    bm_read_text *place = place_of(column, text, length);
    if (place->text) {
        *out = place->cell;
        return place->status;
    }
    bonemets_status status = bm_cell_from_text(column, text, length, 0, NULL, out);
    if (column->text_count < MOST_TEXTS && length <= LONGEST_CELL) {
        place->text = bm_arena_text(&batch->bound, text, length);
        if (!place->text)
            return BONEMETS_E_MEMORY;
        column->text_count++;
        place->length = length;
        place->cell = *out;
        place->status = status;
    }
    return status;
}

/* ---- a chunk ---- */

static bool open_texts(const struct ArrowArray *array, bm_store store, bm_vector *out)
{
    return array && bm_vector_open(array, store, 0, array->length, out);
}

bool bm_reader_open(bm_reader *r, const struct ArrowArray *array, int64_t row, int64_t count)
{
    const bm_shape *shape = &r->column->shape;
    r->array = array;
    if (!bm_vector_open(array, shape->store, row, count, &r->own))
        return false;
    r->own.scale = shape->scale;
    if (shape->dictionary)
        return open_texts(array->dictionary, shape->dictionary, &r->dictionary);
    if (!bm_is_list(shape->store))
        return true;
    if (array->n_children != 1 || !array->children ||
        !open_texts(array->children[0], shape->item, &r->item))
        return false;
    return !shape->item_dictionary ||
           open_texts(array->children[0]->dictionary, shape->item_dictionary, &r->dictionary);
}

/* Who is told if the cell at hand is refused. Of cells that are only counted the first of each column
 * are told. */
bonemets_error *bm_cell_told(bm_reader *r)
{
    const bm_batch_column *column = r->column;
    if (!r->batch->count_bad)
        return r->err;
    r->told = bonemets_error_count(r->err);
    bool first = column->bad[0] + column->refused[0] < MOST_TOLD;
    return first && bm_error_has_room_for_warning(r->err) ? r->err : NULL;
}

bonemets_status bm_cell_refused(bm_reader *r, bonemets_status status)
{
    if (status == BONEMETS_E_MEMORY || status == BONEMETS_E_ARGUMENT)
        return status;
    if (r->batch->count_bad)
        bm_error_soften(r->err, r->told);
    r->column->refused[0]++;
    r->column->refused[status < BM_REASONS ? status : BONEMETS_E_OTHER]++;
    if (!r->batch->count_bad && r->batch->refused == BONEMETS_OK)
        r->batch->refused = status;
    return BONEMETS_OK;
}

/* An empty text says as little as a null: that is how many files write one. */
static bonemets_status text_cell(bm_reader *r, const bm_vector *texts, int64_t i, int64_t row,
                                 bool *null, bm_cell *out)
{
    const char *text;
    size_t length;
    if (!bm_vector_text(texts, i, &text, &length))
        return bm_cell_not_of_schema(r->column, r->err);
    *null = length == 0;
    if (*null)
        return BONEMETS_OK;
    bonemets_status status = read_text(r->batch, r->column, text, length, out);
    bonemets_error *err = status && status != BONEMETS_E_MEMORY ? bm_cell_told(r) : NULL;
    if (err)
        bm_cell_from_text(r->column, text, length, r->first + row, err, out);
    return status;
}

enum { LONGEST_NUMBER = 24 };

/* The text of an item of a list, which may be a number; false when there is none. */
static bool item_text(const bm_reader *r, int64_t i, char number[LONGEST_NUMBER], const char **text,
                      size_t *length)
{
    const bm_vector *texts = &r->item;
    if (bm_vector_null(&r->item, i))
        return false;
    if (bm_is_integer(r->item.store) && !r->column->shape.item_dictionary) {
        bm_text put;
        bm_text_init(&put, number, LONGEST_NUMBER);
        bm_put_int(&put, bm_vector_integer(&r->item, i));
        *text = number;
        *length = put.length;
        return true;
    }
    if (r->column->shape.item_dictionary) {
        const struct ArrowArray *child = r->array->children[0];
        i = bm_vector_integer(&r->item, i);
        if (i < 0 || i >= child->dictionary->length || bm_vector_null(&r->dictionary, i))
            return false;
        texts = &r->dictionary;
    }
    return bm_vector_text(texts, i, text, length);
}

static bonemets_status list_cell(bm_reader *r, int64_t i, int64_t row, bm_cell *out)
{
    int64_t from, to;
    uint64_t present = 0;
    bonemets_error *err = bm_cell_told(r);
    if (!bm_vector_span(&r->own, i, &from, &to) || to > r->array->children[0]->length)
        return bm_cell_not_of_schema(r->column, r->err);
    for (int64_t at = from; at < to; at++) {
        char copy[LONGEST_CELL + 1], number[LONGEST_NUMBER];
        const char *text;
        size_t length;
        spot at_item;
        if (!item_text(r, at, number, &text, &length))
            return not_text(r->column, r->first + row, err, "a member of the list is null");
        if (length > LONGEST_CELL || bm_utf8_valid(text, length) < length ||
            (length && memchr(text, '\0', length)))
            return not_text(r->column, r->first + row, err, "a member of the list is no name");
        if (length)
            memcpy(copy, text, length);
        copy[length] = '\0';
        open_spot(&at_item, r->column, copy, r->first + row, err);
        bonemets_status status = bm_statement_option(&at_item.statement, copy, &present);
        if (status)
            return status;
    }
    *out = (bm_cell){.low.mask = present, .high.mask = present};
    return BONEMETS_OK;
}

static bonemets_status entry_cell(bm_reader *r, int64_t i, int64_t row, bool *null, bm_cell *out)
{
    int64_t key = bm_vector_integer(&r->own, i);
    if (key < 0 || (size_t)key >= r->column->entry_count)
        return bm_cell_not_of_schema(r->column, r->err);
    const bm_read_text *entry = &r->column->entries[key];
    *null = bm_vector_null(&r->dictionary, key);
    *out = entry->cell;
    if (*null || entry->status == BONEMETS_OK)
        return BONEMETS_OK;
    return text_cell(r, &r->dictionary, key, row, null, out);
}

static bonemets_status number_cell(bm_reader *r, int64_t i, int64_t row, bm_cell *out)
{
    double x = bm_vector_number(&r->own, i);
    return bm_cell_from_number(r->column, x, r->first + row, bm_cell_told(r), out);
}

/* What row i says; *null also after a cell that is refused and counted. */
static bonemets_status cell_at(bm_reader *r, int64_t i, bool *null, bm_cell *out)
{
    bonemets_status status = BONEMETS_OK;
    *null = bm_vector_null(&r->own, i) || bm_vector_null(r->rows, i);
    if (*null)
        return BONEMETS_OK;
    if (r->column->shape.dictionary)
        status = entry_cell(r, i, i, null, out);
    else if (bm_is_text(r->own.store))
        status = text_cell(r, &r->own, i, i, null, out);
    else if (bm_is_list(r->own.store))
        status = list_cell(r, i, i, out);
    else
        status = number_cell(r, i, i, out);
    if (status == BONEMETS_OK)
        return BONEMETS_OK;
    *null = true;
    return bm_cell_refused(r, status);
}

bonemets_status bm_reader_cell(bm_reader *r, int64_t i, bool *null, bm_cell *out)
{
    return cell_at(r, i, null, out);
}

/* ---- into the inputs ---- */

static void put(bm_batch_input *input, int64_t i, bm_cell cell)
{
    bool known = bm_cell_known(input->base, cell);
    if (input->says)
        input->says[i] = known ? BM_CELL_KNOWN : BM_CELL_PARTLY;
    else if (!known)
        ((uint8_t *)input->values)[i] = BM_STATE_PARTLY;
    if (!known)
        input->cells[i] = cell;
    else if (input->base == BM_NUMBER)
        ((double *)input->values)[i] = cell.low.number;
    else if (input->base == BM_SET)
        ((uint64_t *)input->values)[i] = cell.low.mask;
    else
        ((uint8_t *)input->values)[i] = (uint8_t)__builtin_ctzll(cell.low.mask);
}

static void put_null(bm_batch_input *input, int64_t i)
{
    if (!input->says) {
        ((uint8_t *)input->values)[i] = input->null_state;
        return;
    }
    input->says[i] = BM_CELL_NULL;
    ((uint64_t *)input->values)[i] = 0; /* of numbers and sets alike */
}

static bonemets_status read_whole(bm_reader *r, bm_batch_input *input, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        bool null;
        bm_cell cell;
        bonemets_status status = cell_at(r, i, &null, &cell);
        if (status)
            return status;
        if (null)
            put_null(input, i);
        else
            put(input, i, cell);
    }
    return BONEMETS_OK;
}

/* ---- keys of a small dictionary of options, which most cohorts are made of ---- */

/* Keys of the rows as bytes; what is beyond them becomes the last one. */
static const uint8_t *keys_of(const bm_vector *own, int64_t count, size_t entries, uint8_t *room)
{
    if (own->store == BM_STORE_U8 || (own->store == BM_STORE_I8 && entries <= INT8_MAX))
        return (const uint8_t *)own->data + own->at;
    if (own->store == BM_STORE_I32 || own->store == BM_STORE_U32) {
        bm_bytes_from_words((const char *)own->data + own->at * 4, (size_t)count, room);
        return room;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t key = bm_vector_integer(own, i);
        room[i] = key < 0 || key > UINT8_MAX ? UINT8_MAX : (uint8_t)key;
    }
    return room;
}

/* One cell as whoever checks it by itself finds it. */
static bonemets_status read_one(bm_reader *r, bm_batch_input *input, int64_t i)
{
    bool null;
    bm_cell cell;
    bonemets_status status = cell_at(r, i, &null, &cell);
    if (status)
        return status;
    put_null(input, i);
    if (!null)
        put(input, i, cell);
    return BONEMETS_OK;
}

static bonemets_status read_with_care(bm_reader *r, bm_batch_input *input, int64_t count)
{
    const uint8_t *states = input->values;
    bonemets_status status = BONEMETS_OK;
    for (int64_t i = 0; i < count && status == BONEMETS_OK; i++)
        if (states[i] == BM_STATE_OTHERWISE)
            status = read_one(r, input, i);
    return status;
}

/* Nulls of the column and of the rows. */
static void put_nulls(const bm_reader *r, size_t rows, uint8_t null, uint8_t *to)
{
    if (r->own.valid)
        bm_bytes_put_nulls(r->own.valid, r->own.at, rows, null, to);
    if (r->rows->valid)
        bm_bytes_put_nulls(r->rows->valid, r->rows->at, rows, null, to);
}

static bonemets_status read_keys(bm_reader *r, bm_batch_input *input, int64_t count)
{
    uint8_t room[BM_BATCH_CHUNK], *states = input->values;
    const uint8_t *keys = keys_of(&r->own, count, r->column->entry_count, room);
    size_t rows = (size_t)count;
    bm_lookup_for((int)r->column->entry_count, false)(r->column->states, keys, states, rows);
    put_nulls(r, rows, input->null_state, states);
    return bm_bytes_any(states, rows, BM_STATE_OTHERWISE) ? read_with_care(r, input, count)
                                                          : BONEMETS_OK;
}

/* ---- numbers ---- */

static bonemets_status read_numbers(bm_reader *r, bm_batch_input *input, const bm_unit *unit,
                                    int64_t count)
{
    uint8_t doubtful[BM_BATCH_CHUNK];
    double *values = input->values;
    size_t rows = (size_t)count;
    bm_numbers_read(&r->own, input->fact, unit, (bm_processor)r->batch->level, rows, values,
                    doubtful);
    memset(input->says, BM_CELL_KNOWN, rows);
    put_nulls(r, rows, BM_CELL_NULL, input->says);
    if (!r->batch->fold) /* the exact evaluator runs over all rows */
        bm_bytes_clear(input->says, BM_CELL_NULL, rows, values);
    if (!bm_bytes_any(doubtful, rows, 1))
        return BONEMETS_OK;
    bonemets_status status = BONEMETS_OK;
    for (int64_t i = 0; i < count && status == BONEMETS_OK; i++)
        if (doubtful[i] && input->says[i] != BM_CELL_NULL)
            status = read_one(r, input, i);
    return status;
}

/* NULL: they are read one by one. */
static const bm_unit *unit_of_numbers(const bm_reader *r, const bm_batch_input *input)
{
    bool numbers = input->base == BM_NUMBER && !r->column->shape.dictionary &&
                   (bm_is_integer(r->own.store) || r->own.store == BM_STORE_F32 ||
                    r->own.store == BM_STORE_F64 || bm_is_decimal(r->own.store));
    return numbers ? bm_statement_unit(input->fact, r->column->unit) : NULL;
}

/* Members by columns: `cells` gathers them, `says` whether any is known. */
static bonemets_status read_member(bm_reader *r, bm_batch_input *input, int64_t count)
{
    uint64_t member = UINT64_C(1) << r->column->member;
    for (int64_t i = 0; i < count; i++) {
        bool null;
        bm_cell cell;
        bonemets_status status = cell_at(r, i, &null, &cell);
        if (status)
            return status;
        if (null) {
            input->cells[i].high.mask |= member;
            continue;
        }
        input->says[i] = BM_CELL_PARTLY;
        if (cell.low.mask == BM_YES) {
            input->cells[i].low.mask |= member;
            input->cells[i].high.mask |= member;
        }
    }
    return BONEMETS_OK;
}

static void begin_members(bm_batch_input *input, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        input->says[i] = BM_CELL_NULL;
        input->cells[i] = (bm_cell){.low.mask = 0, .high.mask = input->unlisted};
    }
}

static void end_members(bm_batch_input *input, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (input->says[i] == BM_CELL_NULL)
            put_null(input, i);
        else
            put(input, i, input->cells[i]);
}

static bonemets_status read_column(bonemets_batch *batch, const struct ArrowArray *in, int number,
                                   const bm_vector *rows, int64_t row, int64_t count, int64_t first,
                                   bonemets_error *err)
{
    bm_reader r = {.batch = batch,
                   .column = &batch->columns[number],
                   .rows = rows,
                   .first = first,
                   .err = err};
    if (!bm_reader_open(&r, in->children[number], row + in->offset, count))
        return bm_cell_not_of_schema(r.column, err);
    bm_batch_input *input = &batch->inputs[r.column->input];
    bool few = r.column->shape.dictionary && r.column->entry_count < BM_FEW_ENTRIES;
    if (few && (input->base == BM_BOOL || input->base == BM_CODE) && !input->by_member)
        return read_keys(&r, input, count);
    const bm_unit *unit = unit_of_numbers(&r, input);
    if (unit)
        return read_numbers(&r, input, unit, count);
    return input->by_member ? read_member(&r, input, count) : read_whole(&r, input, count);
}

bonemets_status bm_batch_read_chunk(bonemets_batch *batch, const struct ArrowArray *in, int64_t row,
                                    int64_t count, int64_t first, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    bm_vector rows;
    batch->refused = BONEMETS_OK;
    if (!bm_vector_open(in, BM_STORE_STRUCT, row, count, &rows))
        return bm_cell_not_of_schema(NULL, err);
    for (int n = 0; n < batch->input_count; n++)
        if (batch->inputs[n].by_member)
            begin_members(&batch->inputs[n], count);
    for (int n = 0; n < batch->column_count && status == BONEMETS_OK; n++)
        if (batch->columns[n].fact)
            status = read_column(batch, in, n, &rows, row, count, first, err);
    if (status || batch->refused)
        return status ? status : batch->refused;
    for (int n = 0; n < batch->input_count; n++)
        if (batch->inputs[n].by_member)
            end_members(&batch->inputs[n], count);
    return BONEMETS_OK;
}

/* ---- dictionaries ---- */

static bool make_room(const bonemets_batch *batch, bm_batch_column *column, size_t count)
{
    if (count <= column->entry_room)
        return true;
    if (count > SIZE_MAX / sizeof *column->entries)
        return false;
    bm_read_text *entries =
        bm_resize(&batch->memory, column->entries, column->entry_room * sizeof *entries,
                  count * sizeof *entries);
    if (!entries)
        return false;
    column->entries = entries;
    column->entry_room = count;
    return true;
}

/* What the first entries say, where that is one option; a key past the end is looked at again. */
static void list_few(bm_batch_column *column)
{
    memset(column->states, BM_STATE_OTHERWISE, sizeof column->states);
    bm_base base = column->fact->type.base;
    for (size_t i = 0; i < column->entry_count && i < BM_FEW_ENTRIES; i++) {
        const bm_read_text *entry = &column->entries[i];
        bool option = (base == BM_BOOL || base == BM_CODE) && entry->status == BONEMETS_OK &&
                      entry->cell.low.mask && bm_cell_known(base, entry->cell);
        if (option) /* not: an entry that is null, whose cell is empty */
            column->states[i] = (uint8_t)__builtin_ctzll(entry->cell.low.mask);
    }
}

bonemets_status bm_batch_read_dictionary(bonemets_batch *batch, bm_batch_column *column,
                                         const struct ArrowArray *array, bonemets_error *err)
{
    bm_vector texts;
    if (!array || !bm_vector_open(array, column->shape.dictionary, 0, array->length, &texts))
        return bm_cell_not_of_schema(column, err);
    size_t count = (size_t)array->length;
    if (!make_room(batch, column, count))
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    column->entry_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *text;
        size_t length;
        bm_read_text *entry = &column->entries[i];
        memset(entry, 0, sizeof *entry);
        if (bm_vector_null(&texts, (int64_t)i))
            continue;
        if (!bm_vector_text(&texts, (int64_t)i, &text, &length))
            return bm_cell_not_of_schema(column, err);
        entry->status = read_text(batch, column, text, length, &entry->cell);
        if (entry->status == BONEMETS_E_MEMORY)
            return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    }
    list_few(column);
    return BONEMETS_OK;
}

bonemets_status bm_batch_read_dictionaries(bonemets_batch *batch, const struct ArrowArray *in,
                                           bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (int i = 0; i < batch->column_count && status == BONEMETS_OK; i++) {
        bm_batch_column *column = &batch->columns[i];
        if (column->fact && column->shape.dictionary)
            status = in->children[i]
                         ? bm_batch_read_dictionary(batch, column, in->children[i]->dictionary, err)
                         : bm_cell_not_of_schema(column, err);
    }
    return status;
}
