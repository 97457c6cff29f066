/* SPDX-License-Identifier: Apache-2.0 */
/* From the columns of a schema to the inputs of the program. */
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"
#include "record/alike.h"

enum { LONGEST_NAME = 200, LONGEST_HINT = 400 };

static bonemets_status fail_column(bonemets_error *err, bonemets_status status, const char *column,
                                   const char *format, const char *a, const char *b)
{
    bm_place place = {.path = column};
    return bm_fail(err, status, &place, format, a, b);
}

static bonemets_status fail_type(bonemets_error *err, const bm_batch_column *column,
                                 const struct ArrowSchema *schema, const char *wanted)
{
    char words[LONGEST_HINT];
    bm_text text;
    bm_text_init(&text, words, sizeof words);
    bm_put_type(&text, schema);
    return fail_column(err, BONEMETS_E_TYPE, column->name,
                       "a column of %s does not fit here, but %s do", words, wanted);
}

static bonemets_status no_memory(bonemets_error *err)
{
    return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
}

static void note(bonemets_status *status, bonemets_status other)
{
    if (*status == BONEMETS_OK || other == BONEMETS_E_MEMORY)
        *status = other;
}

/* ---- names ---- */

static int member_named(const bm_fact *fact, const char *member)
{
    if (!fact || fact->type.base != BM_SET || fact->is_link)
        return -1;
    return bm_names_find(&fact->type.codes->index, member);
}

static bonemets_status no_fact(const bonemets_batch *batch, const char *column, const char *name,
                               bonemets_error *err)
{
    char meant[LONGEST_HINT] = "";
    bm_text text;
    bm_text_init(&text, meant, sizeof meant);
    if (bm_error_has_room(err))
        bm_put_facts_alike(&text, &batch->set->definitions, name);
    return fail_column(err, BONEMETS_E_FACT, column, "there is no fact %q%s", name, meant);
}

/* Some programs make dots of brackets. */
static bonemets_status no_set(const char *column, const bm_fact *fact, bonemets_error *err)
{
    char name[LONGEST_HINT];
    const char *unit = fact->type.base == BM_NUMBER ? bm_type_unit_name(&fact->type) : NULL;
    bm_text text;
    bm_text_init(&text, name, sizeof name);
    bm_put_format(&text, unit ? "%s [%s]" : "%s", fact->id, unit);
    return fail_column(err, BONEMETS_E_FACT, column, "%q has no members; write %q", fact->id, name);
}

bonemets_status bm_batch_split_name(const bonemets_batch *batch, const char *column,
                                    const char *name, const bm_fact **fact, int *member,
                                    bonemets_error *err)
{
    const char *dot = strchr(name, '.');
    char key[LONGEST_NAME];
    *member = -1;
    *fact = bm_definitions_fact(&batch->set->definitions, name);
    if (!*fact && dot && (size_t)(dot - name) < sizeof key) {
        memcpy(key, name, (size_t)(dot - name));
        key[dot - name] = '\0';
        *fact = bm_definitions_fact(&batch->set->definitions, key);
        *member = member_named(*fact, dot + 1);
        if (*fact && (*fact)->type.base != BM_SET)
            return no_set(column, *fact, err);
        if (*fact && *member < 0)
            return fail_column(err, BONEMETS_E_FACT, column, "%q is no member of the set %q",
                               dot + 1, key);
    }
    if (!*fact)
        return no_fact(batch, column, name, err);
    bm_statement statement = {.fact = *fact, .err = err};
    return bm_statement_check(&statement);
}

/* `creatinine [umol/L]`: cuts the unit off. False when there is no memory. */
static bool split_unit(bonemets_batch *batch, const char *name, const char **key, const char **unit)
{
    const char *open = strchr(name, '['); /* units may hold brackets too */
    size_t length = strlen(name);
    *key = name;
    if (!open || open == name || name[length - 1] != ']')
        return true;
    *unit = bm_arena_text(&batch->bound, open + 1, (size_t)(name + length - 1 - (open + 1)));
    while (open > name && open[-1] == ' ')
        open--;
    *key = bm_arena_text(&batch->bound, name, (size_t)(open - name));
    return *unit && *key;
}

bm_mapped *bm_batch_mapped(const bonemets_batch *batch, const char *column)
{
    for (int i = 0; i < batch->mapped_count; i++)
        if (strcmp(batch->mapped[i].column, column) == 0)
            return &batch->mapped[i];
    return NULL;
}

/* ---- types ---- */

static bool needs_unit(const bm_fact *fact)
{
    const char *unit = bm_type_unit_name(&fact->type);
    return fact->type.base == BM_NUMBER && !fact->type.whole && unit && strcmp(unit, "1") != 0;
}

static bonemets_status no_unit(const bm_batch_column *column, bonemets_error *err)
{
    char name[LONGEST_HINT];
    bm_text text;
    bm_text_init(&text, name, sizeof name);
    bm_put_format(&text, "%s [%s]", column->fact->id, bm_type_unit_name(&column->fact->type));
    return fail_column(err, BONEMETS_E_UNIT, column->name,
                       "the unit of %q is missing; call the column %q if that is its unit",
                       column->fact->id, name);
}

static bonemets_status refuse_unit(const bm_batch_column *column, bonemets_error *err)
{
    const bm_type *type = &column->fact->type;
    char units[LONGEST_HINT] = "";
    bm_text text;
    bm_text_init(&text, units, sizeof units);
    for (int i = 0; i < type->unit_count; i++)
        bm_put_format(&text, "%s%s", i ? ", " : "; these do: ", type->units[i].unit);
    char what[LONGEST_HINT];
    bm_text_init(&text, what, sizeof what);
    bm_put_format(&text, "%q is not a unit that fits %q", column->unit, column->fact->id);
    return fail_column(err, BONEMETS_E_UNIT, column->name, "%s%s", what, units);
}

static bonemets_status check_unit(const bm_batch_column *column, bonemets_error *err)
{
    const bm_fact *fact = column->fact;
    bool text = bm_is_text(column->shape.store) || bm_is_text(column->shape.dictionary) ||
                bm_is_time(column->shape.store) || bm_is_date(column->shape.store);
    if (column->unit && (fact->type.base != BM_NUMBER || !bm_statement_unit(fact, column->unit)))
        return refuse_unit(column, err);
    if (!column->unit && needs_unit(fact) && !text && column->shape.store != BM_STORE_NULL)
        return no_unit(column, err);
    return BONEMETS_OK;
}

static bool is_number(bm_store store)
{
    return bm_is_integer(store) || store == BM_STORE_F32 || store == BM_STORE_F64 ||
           bm_is_decimal(store);
}

static bool fits(const bm_batch_column *column)
{
    const bm_shape *shape = &column->shape;
    bool text = bm_is_text(shape->store) || bm_is_text(shape->dictionary);
    bool whole = bm_is_integer(shape->store) && !shape->dictionary;
    if (shape->store == BM_STORE_NULL || text)
        return true;
    if (bm_is_time(shape->store) || bm_is_date(shape->store))
        return !shape->dictionary && column->member < 0 && bm_is_instant(&column->fact->type);
    if (column->member >= 0)
        return shape->store == BM_STORE_BOOL || whole;
    switch (column->fact->type.base) {
    case BM_BOOL:
        return shape->store == BM_STORE_BOOL || whole;
    case BM_NUMBER:
        return is_number(shape->store) && !shape->dictionary;
    case BM_SET:
        if (bm_is_list(shape->store))
            return column->fact->is_link ? column->of != NULL : !bm_is_integer(shape->item);
        return column->fact->is_link && whole;
    default:
        return whole;
    }
}

static const char *wanted_type(const bm_batch_column *column)
{
    if (column->member >= 0 || column->fact->type.base == BM_BOOL)
        return "booleans, 0 and 1, or texts";
    if (bm_is_instant(&column->fact->type))
        return "timestamps without a time zone, dates, texts, or seconds since 1970";
    if (column->fact->type.base == BM_NUMBER)
        return "integers, floats, decimals or texts";
    if (column->fact->is_link)
        return column->of ? "integers, texts, or lists of them" : "integers or texts";
    return column->fact->type.base == BM_SET ? "lists of texts, or texts"
                                             : "texts, or categories that are texts";
}

static bonemets_status check_type(const struct ArrowSchema *schema, bm_batch_column *column,
                                  bonemets_error *err)
{
    if (!bm_shape_read(schema, &column->shape) || !fits(column))
        return fail_type(err, column, schema, wanted_type(column));
    return check_unit(column, err);
}

/* ---- columns ---- */

/* Which fact a column holds: as it was mapped, or its metadata say, or by its name. */
static bonemets_status name_column(bonemets_batch *batch, const struct ArrowSchema *schema,
                                   bm_batch_column *column, const char **name, bonemets_error *err)
{
    const bm_mapped *one = bm_batch_mapped(batch, column->name);
    const char *unit = NULL, *records = NULL;
    if (one) {
        *name = one->fact;
        column->unit = one->unit;
        return BONEMETS_OK;
    }
    if (!bm_metadata_find(schema->metadata, "bonemets.fact", &batch->bound, name) ||
        !bm_metadata_find(schema->metadata, "bonemets.unit", &batch->bound, &unit) ||
        !bm_metadata_find(schema->metadata, "bonemets.records", &batch->bound, &records))
        return no_memory(err);
    if (records && !column->of)
        *name = records;
    if (!*name && !split_unit(batch, column->key, name, &column->unit))
        return no_memory(err);
    if (unit)
        column->unit = unit;
    return BONEMETS_OK;
}

/* `lesions.level` of the records of a list. False when there is no memory. */
static bool call_column(bonemets_batch *batch, const char *key, bm_batch_column *column)
{
    const char *list = column->of ? batch->columns[column->of->column].name : NULL;
    size_t before = list ? strlen(list) + 1 : 0, size = before + strlen(key) + 1;
    char *name = bm_arena_take(&batch->bound, size);
    bm_text text;
    if (!name)
        return false;
    bm_text_init(&text, name, size);
    bm_put(&text, list);
    bm_put(&text, list ? "." : NULL);
    bm_put(&text, key);
    column->name = name;
    column->key = name + before;
    return true;
}

/* A list of records, by what it is called and what it holds; 0: it is none. */
static int kind_of_list(const bonemets_batch *batch, const struct ArrowSchema *schema,
                        const bm_batch_column *column, const char *name)
{
    bm_store list, item;
    int kind = column->of ? 0 : bm_list_kind(batch, name);
    if (!kind || !bm_shape_records(schema, &list, &item))
        return 0;
    bool structs = item == BM_STORE_STRUCT;
    return structs || !bm_definitions_fact(&batch->set->definitions, name) ? kind : 0;
}

static bonemets_status find_fact(const bonemets_batch *batch, bm_batch_column *column,
                                 const char *name, bonemets_error *err)
{
    bonemets_status status =
        bm_batch_split_name(batch, column->name, name, &column->fact, &column->member, err);
    if (status || !column->of || column->fact->kind == column->of->kind)
        return status;
    const bm_kind_def *kinds = batch->set->definitions.kinds;
    return fail_column(err, BONEMETS_E_FACT, column->name, "%q is not about a %s", name,
                       kinds[column->of->kind].id);
}

/* What looks like a list of records, or is called like one, but not both; OK: neither. */
static bonemets_status refuse_list(const bonemets_batch *batch, const struct ArrowSchema *schema,
                                   const bm_batch_column *column, const char *name,
                                   bonemets_error *err)
{
    const bm_definitions *definitions = &batch->set->definitions;
    bm_store list, item;
    bool structs = bm_shape_records(schema, &list, &item) && item == BM_STORE_STRUCT;
    int kind = bm_definitions_kind(definitions, name);
    if (column->of || bm_definitions_fact(definitions, name))
        return BONEMETS_OK;
    if (kind > 0 && definitions->kinds[kind].list)
        return fail_column(err, BONEMETS_E_FACT, column->name,
                           "%q is a kind of record; a column of lists of them is called %q", name,
                           definitions->kinds[kind].list);
    if (structs)
        return fail_column(err, BONEMETS_E_FACT, column->name,
                           "%q is no list of records; such a column is called as the list in a "
                           "patient record, or says so in its metadata, key %q",
                           name, "bonemets.records");
    if (bm_list_kind(batch, name))
        return fail_type(err, column, schema, "lists of records");
    return BONEMETS_OK;
}

/* ---- columns that are passed over ---- */

enum {
    SLIP = 2,
    LONG_NAME = 6
}; /* letters that are wrong; of names that are long enough to tell */

static bool is_nearly(const char *name, const char *id)
{
    size_t length = strlen(id);
    if (strncmp(name, id, length) == 0 && name[length] && strchr(". [(", name[length]))
        return true; /* with a unit that is written otherwise */
    return length >= LONG_NAME && bm_edit_distance(name, id, SLIP) <= SLIP;
}

/* Whoever passes over what names no fact does not want to lose one for a slip of the pen. */
static void warn_of_slip(const bonemets_batch *batch, const char *column, const char *name,
                         bonemets_error *err)
{
    const bm_definitions *definitions = &batch->set->definitions;
    for (int i = 0; i < definitions->fact_count && bm_error_has_room_for_warning(err); i++) {
        if (!is_nearly(name, definitions->facts[i].id))
            continue;
        int32_t from = bonemets_error_count(err);
        fail_column(err, BONEMETS_E_FACT, column,
                    "this names no fact and is passed over; did you mean %q?",
                    definitions->facts[i].id, NULL);
        bm_error_soften(err, from);
        return;
    }
}

static bonemets_status open_fact(bonemets_batch *batch, const struct ArrowSchema *schema,
                                 bm_batch_column *column, const char *name, bonemets_error *err)
{
    bool skip = batch->skip_columns || (!column->of && bm_keep_wanted(batch, column->name));
    bonemets_error *quiet = skip ? NULL : err;
    bonemets_status status = refuse_list(batch, schema, column, name, quiet);
    if (status == BONEMETS_OK)
        status = find_fact(batch, column, name, quiet);
    if (status && skip && !bm_batch_mapped(batch, column->name)) {
        column->fact = NULL;
        if (!bm_keep_wanted(batch, column->name))
            warn_of_slip(batch, column->name, name, err);
        return BONEMETS_OK;
    }
    if (status && skip)
        return fail_column(err, status, column->name, "there is no such fact as %q", name, NULL);
    return status ? status : check_type(schema, column, err);
}

bonemets_status bm_batch_open_column(bonemets_batch *batch, const struct ArrowSchema *schema,
                                     bm_batch_list *of, bm_batch_column *column,
                                     bonemets_error *err)
{
    const char *name = NULL;
    column->member = column->input = -1;
    column->of = of;
    if (!schema || !schema->release || !schema->format)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "a column of the schema was released");
    if (!call_column(batch, schema->name ? schema->name : "", column))
        return no_memory(err);
    bonemets_status status = name_column(batch, schema, column, &name, err);
    if (status || !name)
        return status;
    int kind = kind_of_list(batch, schema, column, name);
    return kind ? bm_list_open(batch, schema, kind, column, err)
                : open_fact(batch, schema, column, name, err);
}

/* ---- inputs ---- */

static size_t width(bm_base base)
{
    return base == BM_NUMBER || base == BM_SET ? 8 : 1;
}

static int options_of(const bm_fact *fact)
{
    return fact->type.base == BM_BOOL ? 2 : fact->type.codes->count;
}

static bm_batch_input *input_of(bonemets_batch *batch, const bm_fact *fact)
{
    for (int i = 0; i < batch->input_count; i++)
        if (batch->inputs[i].fact->kind == fact->kind &&
            batch->inputs[i].fact->input == fact->input)
            return &batch->inputs[i];
    return NULL;
}

static bool new_input(bonemets_batch *batch, int number, bm_batch_input *input)
{
    const bm_batch_column *column = &batch->columns[number];
    const bm_fact *fact = column->fact;
    const bm_program *program = &batch->set->program;
    input->fact = fact;
    input->base = (bm_base)program->kinds[fact->kind].base[fact->input];
    input->needed = batch->needed[fact->kind][fact->input];
    input->by_member = column->member >= 0;
    input->column = number;
    input->unlisted =
        input->by_member ? program->kinds[fact->kind].blank[fact->input].high.mask : 0;
    bool code = input->base == BM_BOOL || input->base == BM_CODE;
    input->null_state = (uint8_t)(code ? options_of(fact) : 0);
    input->says = code ? NULL : bm_arena_take(&batch->bound, BM_BATCH_CHUNK);
    input->values = bm_arena_array(&batch->bound, BM_BATCH_CHUNK, width(input->base));
    input->cells = bm_arena_array(&batch->bound, BM_BATCH_CHUNK, sizeof(bm_cell));
    if (!batch->there[fact->kind])
        batch->there[fact->kind] = bm_arena_take(&batch->bound, BM_BATCH_CHUNK);
    batch->input_count++;
    return (code || input->says) && input->values && input->cells && batch->there[fact->kind];
}

static bonemets_status add_input(bonemets_batch *batch, int number, bonemets_error *err)
{
    bm_batch_column *column = &batch->columns[number];
    bm_batch_input *input = input_of(batch, column->fact);
    uint64_t member = column->member >= 0 ? UINT64_C(1) << column->member : 0;
    bool again = input && !(input->by_member && (input->unlisted & member));
    if (again)
        return fail_column(err, BONEMETS_E_TYPE, column->name,
                           "two columns hold %q; the other one is %q", column->fact->id,
                           batch->columns[input->column].name);
    if (!input) {
        input = &batch->inputs[batch->input_count];
        if (!new_input(batch, number, input))
            return no_memory(err);
    }
    input->unlisted &= ~member;
    column->input = (int)(input - batch->inputs);
    return BONEMETS_OK;
}

static bonemets_status open_columns(bonemets_batch *batch, const struct ArrowSchema *schema,
                                    bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    size_t count = (size_t)schema->n_children, below = bm_lists_columns(schema);
    if (below > INT32_MAX / 2)
        return no_memory(err);
    batch->columns = bm_arena_array(&batch->bound, count + below + 1, sizeof *batch->columns);
    batch->inputs = bm_arena_array(&batch->bound, count + 1, sizeof *batch->inputs);
    batch->open = bm_arena_take(&batch->bound, BM_BATCH_CHUNK);
    if (!batch->columns || !batch->inputs || !batch->open)
        return no_memory(err);
    batch->column_count = batch->all_column_count = (int)count;
    for (int i = 0; i < batch->column_count && status != BONEMETS_E_MEMORY; i++) {
        bm_batch_column *column = &batch->columns[i];
        bonemets_status one = bm_batch_open_column(batch, schema->children[i], NULL, column, err);
        if (one == BONEMETS_OK && column->fact)
            one = add_input(batch, i, err);
        note(&status, one);
    }
    if (status != BONEMETS_E_MEMORY)
        note(&status, bm_lists_check(batch, err));
    return status;
}

/* Columns that were mapped but are not there are likely to be misspelt. */
static bonemets_status check_mapped(const bonemets_batch *batch, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (int m = 0; m < batch->mapped_count; m++) {
        bool found = !batch->mapped[m].fact;
        for (int i = 0; i < batch->all_column_count && !found; i++)
            found = batch->columns[i].name && /* none: it was refused before it was called */
                    strcmp(batch->columns[i].name, batch->mapped[m].column) == 0;
        if (!found)
            note(&status, fail_column(err, BONEMETS_E_FACT, batch->mapped[m].column,
                                      "there is no column %q, which is mapped to %q",
                                      batch->mapped[m].column, batch->mapped[m].fact));
    }
    return status;
}

/* ---- the exact evaluator ---- */

/* Settings always have a value: without a column, the one that holds for all rows. */
static bool add_default(bonemets_batch *batch, int32_t input)
{
    const bm_records *all = &batch->patient->kinds[0];
    bm_base base = (bm_base)batch->set->program.kinds[0].base[input];
    bm_cell cell = all->cells[input];
    if (!bm_cell_known(base, cell) || base == BM_SET)
        return true;
    char *data = bm_arena_array(&batch->bound, BM_BATCH_CHUNK, width(base));
    for (int i = 0; data && i < BM_BATCH_CHUNK; i++) {
        if (base == BM_NUMBER)
            ((double *)(void *)data)[i] = cell.low.number;
        else
            data[i] = (char)__builtin_ctzll(cell.low.mask);
    }
    batch->exact_columns[batch->exact_column_count++] =
        (bm_column){.kind = 0, .input = input, .data = data, .unentered = !all->given[input]};
    return data != NULL;
}

static bool list_exact_columns(bonemets_batch *batch)
{
    const bm_kind *patient = &batch->set->program.kinds[0];
    size_t room = (size_t)batch->input_count + (size_t)patient->inputs + 1;
    batch->exact_columns = bm_arena_array(&batch->bound, room, sizeof(bm_column));
    if (!batch->exact_columns)
        return false;
    for (int i = 0; i < batch->input_count; i++)
        if (batch->inputs[i].needed)
            batch->exact_columns[batch->exact_column_count++] =
                (bm_column){.kind = batch->inputs[i].fact->kind,
                            .input = batch->inputs[i].fact->input,
                            .data = batch->inputs[i].values};
    int with_columns = batch->exact_column_count;
    for (int32_t input = 0; input < patient->inputs; input++) {
        bool there = !batch->needed[0][input];
        for (int i = 0; i < with_columns && !there; i++)
            there = batch->exact_columns[i].kind == 0 && batch->exact_columns[i].input == input;
        if (!there && !add_default(batch, input))
            return false;
    }
    return true;
}

static int add_output(bonemets_batch *batch, int kind, int32_t slot)
{
    if (slot < 0)
        return -1;
    bm_output *one = &batch->outputs[batch->output_count];
    bm_base base = (bm_base)batch->set->program.kinds[kind].base[slot];
    *one = (bm_output){.kind = kind, .slot = slot};
    one->data = bm_arena_array(&batch->bound, BM_BATCH_CHUNK, width(base));
    return one->data ? batch->output_count++ : -2;
}

static bool add_outputs(bonemets_batch *batch, bm_target *target)
{
    const bm_score *score = target->view.score;
    int kind = target->view.guideline->kind;
    target->total = target->applies = target->pick = -1;
    if (target->view.choice) {
        target->pick = add_output(batch, kind, target->view.choice->slot);
    } else if (score) {
        target->total = add_output(batch, kind, score->total);
        target->applies = add_output(batch, kind, score->applies);
        target->pick = score->band_count ? add_output(batch, kind, score->band) : -1;
    } else {
        target->total = add_output(batch, kind, target->view.equation->slot);
        target->applies = add_output(batch, kind, target->view.equation->applies);
    }
    bool done = target->total > -2 && target->applies > -2 && target->pick > -2;
    for (int i = 0; i < target->item_count; i++) {
        target->items[i].output = add_output(batch, kind, target->items[i].slot);
        done &= target->items[i].output >= 0;
    }
    return done;
}

/* An input without a column of which something asks whether it is known: what hangs on that rests on
 * silence in every row, which the exact evaluator cannot tell. */
static bool asks_about(const bonemets_batch *batch, const bm_op *op)
{
    if ((op->code != BM_DO_KNOWN && op->code != BM_DO_MISSING && op->code != BM_DO_ASSUME) ||
        op->a >= batch->set->program.kinds[op->kind].inputs)
        return false;
    for (int i = 0; i < batch->exact_column_count; i++)
        if (batch->exact_columns[i].kind == op->kind && batch->exact_columns[i].input == op->a)
            return false;
    return true;
}

static bool rests_on_silence(const bonemets_batch *batch)
{
    const bm_program *program = &batch->set->program;
    for (int u = 0; u < batch->plan.count && batch->silent; u++) {
        const bm_unit_of_work *unit = &program->units[batch->plan.units[u]];
        for (int i = unit->first; i < unit->end; i++)
            if (asks_about(batch, &program->ops[i]))
                return true;
    }
    return false;
}

static size_t item_total(const bonemets_batch *batch)
{
    size_t count = 0;
    for (int i = 0; i < batch->target_count; i++)
        count += (size_t)batch->targets[i].item_count;
    return count;
}

/* Without one, because facts have no column that the targets need, all rows have bounds. */
static bool open_exact(bonemets_batch *batch)
{
    size_t room = (size_t)batch->target_count * 3 + item_total(batch) + 1;
    int kind;
    int32_t input;
    bool all = true;
    batch->outputs = bm_arena_array(&batch->bound, room, sizeof *batch->outputs);
    if (!batch->outputs || !list_exact_columns(batch))
        return false;
    for (int i = 0; i < batch->target_count; i++)
        all &= add_outputs(batch, &batch->targets[i]);
    for (int k = 1; k < BM_KINDS; k++)
        if (batch->kinds[k] && !batch->there[k])
            return all; /* no row says that there is a record of that kind */
    if (rests_on_silence(batch))
        return all;
    return all &&
           bm_exact_new(&batch->memory, &batch->set->program, &batch->plan, batch->exact_columns,
                        batch->exact_column_count, batch->outputs, batch->output_count, false,
                        &batch->exact, &kind, &input) != BM_EXACT_MEMORY;
}

/* ---- the folded evaluator ---- */

static bm_fold_target fold_target(const bm_target *target, bm_arena *arena)
{
    const bm_score *score = target->view.score;
    const bm_equation *equation = target->view.equation;
    bm_fold_target one = {.kind = target->view.guideline->kind, .applies = -1, .band = -1};
    if (target->view.choice) {
        one.choice = true;
        one.slot = target->view.choice->slot;
        return one;
    }
    one.slot = score ? score->total : equation->slot;
    one.applies = score ? score->applies : equation->applies;
    one.band = score && score->band_count ? score->band : -1;
    one.item_count = score ? score->item_count : 1;
    int32_t *items = bm_arena_array(arena, (size_t)one.item_count, sizeof *items);
    bm_cell *blanks = bm_arena_array(arena, (size_t)one.item_count, sizeof *blanks);
    for (int i = 0; items && blanks && i < one.item_count; i++) {
        items[i] = score ? score->items[i].slot : equation->slot;
        blanks[i] = score ? score->items[i].blank : equation->blank;
    }
    one.items = items;
    one.blanks = blanks;
    return one;
}

static bool fold_targets(bonemets_batch *batch, bm_fold_target *targets)
{
    for (int i = 0; i < batch->target_count; i++) {
        targets[i] = fold_target(&batch->targets[i], &batch->bound);
        if (!targets[i].choice && (!targets[i].items || !targets[i].blanks))
            return false;
    }
    bm_fold_target *item = targets + batch->target_count;
    for (int i = 0; i < batch->target_count; i++)
        for (int j = 0; j < batch->targets[i].item_count; j++)
            *item++ = (bm_fold_target){.kind = batch->targets[i].view.guideline->kind,
                                       .alone = true,
                                       .slot = batch->targets[i].items[j].slot,
                                       .applies = -1,
                                       .band = -1};
    return true;
}

static int list_fold_inputs(bonemets_batch *batch, bm_fold_input *out)
{
    int count = 0;
    for (int i = 0; i < batch->input_count; i++) {
        const bm_batch_input *input = &batch->inputs[i];
        if (!input->needed)
            continue;
        batch->fold_data[count] = (bm_fold_data){input->values, input->says, input->cells};
        out[count++] = (bm_fold_input){input->fact->kind, input->fact->input};
    }
    return count;
}

static bool open_fold(bonemets_batch *batch)
{
    size_t inputs = (size_t)batch->input_count + 1;
    size_t targets = (size_t)batch->target_count + item_total(batch);
    bm_fold_target *wanted = bm_arena_array(&batch->bound, targets, sizeof *wanted);
    bm_fold_input *columns = bm_arena_array(&batch->bound, inputs, sizeof *columns);
    bm_fold_rest rest = {{NULL}, {NULL}, {false}};
    bool no_memory;
    batch->fold_data = bm_arena_array(&batch->bound, inputs, sizeof *batch->fold_data);
    batch->answers = bm_arena_array(&batch->bound, targets, sizeof *batch->answers);
    if (!wanted || !columns || !batch->fold_data || !batch->answers || !fold_targets(batch, wanted))
        return false;
    int count = list_fold_inputs(batch, columns);
    for (int k = 0; k < batch->set->program.kind_count; k++) {
        rest.cells[k] = batch->patient->kinds[k].cells;
        rest.given[k] = batch->patient->kinds[k].given;
        rest.there[k] = batch->there[k] != NULL;
    }
    batch->fold = bm_fold_new(&batch->memory, &batch->set->program, &batch->plan, &rest, columns,
                              count, wanted, (int)targets, batch->level, &no_memory);
    return !no_memory;
}

/* ---- the whole ---- */

/* One guideline, or all when the targets are of several. */
static const char *guideline_of(const bonemets_batch *batch)
{
    for (int i = 1; i < batch->target_count; i++)
        if (batch->targets[i].entry.guideline != batch->targets[0].entry.guideline)
            return NULL;
    return batch->targets[0].view.guideline->id;
}

static bool open_strict(bonemets_batch *batch)
{
    const bm_program *program = &batch->set->program;
    for (int k = 0; k < program->kind_count && batch->silent; k++) {
        batch->strict.cells[k] =
            bm_arena_array(&batch->bound, (size_t)program->kinds[k].slots + 1, sizeof(bm_cell));
        batch->strict.awake[k] =
            bm_arena_array(&batch->bound, (size_t)program->block_words + 1, sizeof(uint64_t));
        if (!batch->strict.cells[k] || !batch->strict.awake[k])
            return false;
    }
    return true;
}

static bonemets_status open_evaluators(bonemets_batch *batch, bonemets_error *err)
{
    bonemets_status status =
        bonemets_assess(batch->patient, guideline_of(batch), &batch->answer, err);
    if (status)
        return status;
    for (int i = 0; i < batch->target_count; i++) {
        batch->targets[i].view.a = batch->answer;
        batch->targets[i].view.entry = &batch->targets[i].entry;
    }
    if (batch->show_missing && !bm_missing_open(batch))
        return no_memory(err);
    bool done = open_strict(batch) && (batch->by_row || (open_exact(batch) && open_fold(batch)));
    return done ? BONEMETS_OK : no_memory(err);
}

static void free_entries(const bonemets_batch *batch, bm_batch_column *column)
{
    if (column->entries)
        bm_give_back(&batch->memory, column->entries, column->entry_room * sizeof *column->entries);
    column->entries = NULL;
}

void bm_batch_unbind(bonemets_batch *batch)
{
    for (int i = 0; i < batch->all_column_count; i++)
        free_entries(batch, &batch->columns[i]);
    bm_lists_unbind(batch);
    bm_keep_unbind(batch);
    bm_missing_free(batch);
    bm_exact_free(batch->exact);
    bm_fold_free(batch->fold);
    bonemets_assessment_unref(batch->answer);
    bm_arena_free(&batch->bound);
    bm_arena_init(&batch->bound, &batch->memory);
    batch->is_bound = false;
    batch->generation++;
    batch->exact = NULL;
    batch->fold = NULL;
    batch->answer = NULL;
    batch->columns = NULL;
    batch->inputs = NULL;
    batch->column_count = batch->all_column_count = batch->input_count = batch->exact_column_count =
        batch->output_count = 0;
    memset(batch->there, 0, sizeof batch->there);
    batch->rows = batch->columnar = batch->bad_cells = 0;
}

bonemets_status bonemets_batch_bind(bonemets_batch *batch, const struct ArrowSchema *in,
                                    bonemets_error *err)
{
    if (!batch || !in || !in->release)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       batch ? "schema" : "batch");
    bm_batch_unbind(batch);
    bool columns = in->format && strcmp(in->format, "+s") == 0 && !in->dictionary &&
                   in->n_children >= 0 && in->n_children < INT16_MAX &&
                   (in->n_children == 0 || in->children);
    if (!columns)
        return bm_fail(err, BONEMETS_E_TYPE, NULL, "the schema is no struct of columns");
    bonemets_status status = open_columns(batch, in, err);
    if (status != BONEMETS_E_MEMORY)
        note(&status, check_mapped(batch, err));
    if (status != BONEMETS_E_MEMORY)
        note(&status, bm_keep_bind(batch, in, err));
    if (status == BONEMETS_OK)
        status = bm_keep_check_names(batch, err);
    if (status == BONEMETS_OK)
        status = open_evaluators(batch, err);
    batch->is_bound = status == BONEMETS_OK;
    if (status)
        bm_batch_unbind(batch);
    return status;
}
