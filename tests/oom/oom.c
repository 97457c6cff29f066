/* SPDX-License-Identifier: Apache-2.0 */
/* Lets every allocation fail in turn: once (the call is then repeated and must succeed), and from
 * then on. Nothing may crash or leak, and outputs must be empty. malloc is replaced for the whole
 * process, so that what libyaml allocates fails too. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void __libc_free(void *ptr);

static bool armed;      /* malloc fails and is counted */
static bool hook_armed; /* so does the allocator given to the loader */
static bool persistent;
static long left;   /* allocations until the failure */
static long failed; /* failures so far */
static long blocks; /* of malloc, not yet freed */
static long bytes;  /* of the hook, not yet freed */

static bool fails(void)
{
    if (--left > 0 || (failed && !persistent))
        return false;
    failed++;
    errno = ENOMEM;
    return true;
}

static void *counted(void *ptr)
{
    if (armed && ptr)
        blocks++;
    return ptr;
}

void *malloc(size_t size)
{
    return armed && fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return armed && fails() ? NULL : counted(__libc_calloc(count, size));
}

void free(void *ptr)
{
    if (armed && ptr)
        blocks--;
    __libc_free(ptr);
}

void *realloc(void *ptr, size_t size)
{
    if (armed && fails())
        return NULL;
    void *moved = __libc_realloc(ptr, size);
    return ptr ? moved : counted(moved);
}

static void *hook(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    assert_ptr_equal(ctx, &bytes);
    if (new_size == 0) {
        bytes -= (long)old_size;
        __libc_free(ptr);
        return NULL;
    }
    void *moved = hook_armed && fails() ? NULL : __libc_realloc(ptr, new_size);
    if (moved)
        bytes += (long)new_size - (long)old_size;
    return moved;
}

typedef struct {
    const char *directory; /* tables to add; NULL the embedded ones */
    const char *record;
    bool use_hook;
    char json[1 << 20];
} scenario;

static char garbage;
static bool handed_out; /* a failed call left something in its output */

/* After a single failure the same call is repeated, which must then succeed. */
#define TRY(call, out)                                                                             \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != BONEMETS_OK && !persistent)                                                  \
            status = (call);                                                                       \
        if (status != BONEMETS_OK) {                                                               \
            handed_out = handed_out || (const void *)(out) != NULL;                                \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

/* An output that no call has touched is still garbage. */
static void *reached(void *out)
{
    return out == &garbage ? NULL : out;
}

static bonemets_status add(bonemets_loader *loader, const char *directory, bonemets_error *err)
{
    return directory ? bonemets_loader_add_path(loader, directory, err)
                     : bonemets_loader_add_embedded(loader, NULL, err);
}

static bonemets_status run(scenario *s)
{
    bonemets_loader *loader = (void *)&garbage;
    bonemets_guidelines *set = (void *)&garbage;
    bonemets_patient *patient = (void *)&garbage;
    bonemets_assessment *result = (void *)&garbage;
    bonemets_outlook *outlook = NULL, *questions = NULL;
    size_t needed = 0;
    bonemets_status status;
    bonemets_error *err = bonemets_error_new();

    TRY(bonemets_loader_new(s->use_hook ? hook : NULL, &bytes, &loader), loader);
    TRY(add(loader, s->directory, err), NULL);
    TRY(bonemets_loader_build(loader, &set, err), set);
    TRY(bonemets_patient_new(set, &patient), patient);
    TRY(bonemets_patient_read(patient, "record", s->record, strlen(s->record), err), NULL);
    TRY(bonemets_assess(patient, NULL, &result, err), result);
    TRY(bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, s->json, sizeof s->json, &needed),
        NULL);
    if (s->directory) { /* the small tables: of all others it takes too long */
        TRY(bonemets_what_if(result, BONEMETS_RESULTS, 0, &outlook, err), outlook);
        TRY(bonemets_next_questions(result, 9, &questions, err), questions);
    }
    TRY(bonemets_guidelines_run_examples(set, NULL, NULL, err), NULL);
done:
    bonemets_outlook_free(outlook);
    bonemets_outlook_free(questions);
    bonemets_assessment_unref(reached(result));
    bonemets_patient_free(reached(patient));
    bonemets_guidelines_unref(reached(set));
    bonemets_loader_free(reached(loader));
    bonemets_error_free(err);
    return status;
}

static bonemets_status run_failing(scenario *s, bool forever, long at)
{
    persistent = forever;
    left = at;
    failed = 0;
    blocks = 0;
    bytes = 0;
    memset(s->json, 0, sizeof s->json);
    armed = !s->use_hook;
    hook_armed = s->use_hook;
    const bonemets_status status = run(s);
    armed = false;
    hook_armed = false;
    return status;
}

/* Fails allocation 1, 2, 3, … and, where all would take too long, every `stride`th from `dense` on.
 * Reading a directory may say E_IO, as it cannot always tell why the system refused. */
static void sweep(scenario *s, bool forever, long dense, long stride)
{
    static char expected[sizeof s->json];
    assert_int_equal(run_failing(s, true, INT32_MAX), BONEMETS_OK);
    memcpy(expected, s->json, sizeof expected);
    long at = 1;
    for (;; at += at < dense ? 1 : stride) {
        const bonemets_status status = run_failing(s, forever, at);
        if (blocks || bytes)
            fail_msg("allocation %ld: %ld blocks or %ld bytes leaked", at, blocks, bytes);
        assert_false(handed_out);
        if (!failed || !forever) {
            if (status != BONEMETS_OK)
                fail_msg("allocation %ld: status %d after the repeated call", at, (int)status);
            assert_string_equal(s->json, expected);
        } else if (status != BONEMETS_E_MEMORY && !(s->directory && status == BONEMETS_E_IO)) {
            fail_msg("allocation %ld: status %d, not E_MEMORY", at, (int)status);
        }
        if (!failed)
            break;
    }
    print_message("%ld allocations, %s\n", at - 1, forever ? "for good" : "once");
}

static const char clinical[] = "spinal_pain: yes\nlesions:\n  - {level: T8}\n  - {level: T12}\n";
static const char walk[] = "sky: {one_of: [rain, cloudy]}\nwalkers: 3\nduration: {from: 2, to: 9}\n"
                           "gear: {present: [map], unknown: [boots]}\nhills: [{steepness: 35}]\n";

static void embedded_tables(void **state)
{
    (void)state;
    static scenario s = {NULL, clinical, true, ""};
    sweep(&s, false, 200, 13); /* each loads all tables again; the small ones are swept whole */
    sweep(&s, true, 400, 11);
}

static void embedded_tables_with_malloc(void **state)
{
    (void)state;
    static scenario s = {NULL, clinical, false, ""};
    sweep(&s, false, 100, 997);
    sweep(&s, true, 100, 997);
}

static void small_tables_from_a_directory(void **state)
{
    (void)state;
    static scenario s = {TEST_RULES, walk, false, ""};
    sweep(&s, false, INT32_MAX, 1);
    sweep(&s, true, INT32_MAX, 1);
}

/* ---- cohorts ---- */

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static const int32_t ends[] = {0, 2, 5};
static const int8_t keys[] = {1, 0};
static const double collapses[] = {40, 60};
static const void *const no_nulls[] = {NULL};
static const void *const level_texts[] = {NULL, ends, "T8T12"};
static const void *const level_keys[] = {NULL, keys};
static const void *const numbers[] = {NULL, collapses};

/* A dictionary of texts, and a number. */
static void cohort_of(struct ArrowSchema schema[4], struct ArrowArray array[4],
                      struct ArrowSchema *children[2], struct ArrowArray *parts[2])
{
    schema[3] = (struct ArrowSchema){.format = "u", .name = "", .release = keep_schema};
    schema[1] = (struct ArrowSchema){
        .format = "c", .name = "level", .dictionary = &schema[3], .release = keep_schema};
    schema[2] = (struct ArrowSchema){.format = "g", .name = "V7", .release = keep_schema};
    schema[0] = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = 2, .children = children, .release = keep_schema};
    array[3] = (struct ArrowArray){.length = 2,
                                   .n_buffers = 3,
                                   .buffers = (const void **)(uintptr_t)level_texts,
                                   .release = keep_array};
    array[1] = (struct ArrowArray){.length = 2,
                                   .n_buffers = 2,
                                   .buffers = (const void **)(uintptr_t)level_keys,
                                   .dictionary = &array[3],
                                   .release = keep_array};
    array[2] = (struct ArrowArray){.length = 2,
                                   .n_buffers = 2,
                                   .buffers = (const void **)(uintptr_t)numbers,
                                   .release = keep_array};
    array[0] = (struct ArrowArray){.length = 2,
                                   .n_buffers = 1,
                                   .n_children = 2,
                                   .buffers = (const void **)(uintptr_t)no_nulls,
                                   .children = parts,
                                   .release = keep_array};
    for (int i = 0; i < 2; i++) {
        children[i] = &schema[i + 1];
        parts[i] = &array[i + 1];
    }
}

typedef struct {
    struct ArrowSchema schema;
    struct ArrowArray array;
} rows;

static int stream_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    *out = ((rows *)self->private_data)->schema;
    return 0;
}

static int stream_rows(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    *out = ((rows *)self->private_data)->array;
    return 0;
}

static void keep_stream(struct ArrowArrayStream *self)
{
    self->release = NULL;
}

static bonemets_status run_stream(bonemets_batch *batch, rows *source)
{
    struct ArrowArrayStream out = {0}, in = {.get_schema = stream_schema,
                                             .get_next = stream_rows,
                                             .release = keep_stream,
                                             .private_data = source};
    struct ArrowArray answer = {0};
    bonemets_status status;
    TRY(bonemets_batch_stream(batch, &in, &out, NULL), (const void *)(uintptr_t)out.release);
    if (out.get_next(&out, &answer) == ENOMEM)
        status = BONEMETS_E_MEMORY;
    if (answer.release)
        answer.release(&answer);
done:
    if (out.release)
        out.release(&out);
    return persistent ? status : BONEMETS_OK;
}

static bonemets_status run_cohort(bonemets_guidelines *set)
{
    static const char *const targets[] = {"sins", "spine_selection.strategy"};
    struct ArrowSchema schema[4], *children[2], made = {0};
    struct ArrowArray array[4], *parts[2], answer = {0};
    bonemets_batch *batch = (void *)&garbage;
    bonemets_status status;
    cohort_of(schema, array, children, parts);
    TRY(bonemets_batch_new(set, targets, 2, &batch, NULL), batch);
    TRY(bonemets_batch_set_profile(batch, "dutch_2015", NULL), NULL);
    TRY(bonemets_batch_map(batch, "V7", "collapse_pct", "%", NULL), NULL);
    TRY(bonemets_batch_keep(batch, "level", NULL), NULL);
    TRY(bonemets_batch_keep(batch, "V7", NULL), NULL);
    TRY(bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, 1), NULL);
    TRY(bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, 1), NULL);
    TRY(bonemets_batch_bind(batch, &schema[0], NULL), NULL);
    TRY(bonemets_batch_schema(batch, &made), (const void *)(uintptr_t)made.release);
    TRY(bonemets_batch_run(batch, &array[0], &answer, NULL),
        (const void *)(uintptr_t)answer.release);
    rows source = {schema[0], array[0]};
    status = run_stream(batch, &source);
done:
    if (answer.release)
        answer.release(&answer);
    if (made.release)
        made.release(&made);
    bonemets_batch_free(reached(batch));
    return status;
}

/* The same two as lesions of one patient, and then the second of them as that of another. */
static bonemets_status run_lists(bonemets_guidelines *set)
{
    static const char *const targets[] = {"sins", "mscc_triage"};
    static const int32_t both[] = {0, 2}, each[] = {0, 1, 2};
    const void *lists[] = {NULL, each};
    struct ArrowSchema schema[4], *children[2], list, *lesions = &list, *records = &schema[0];
    struct ArrowArray array[4], *parts[2], values, *columns = &values, *below = &array[0];
    struct ArrowArray answer = {0};
    bonemets_batch *batch = (void *)&garbage;
    bonemets_status status;
    cohort_of(schema, array, children, parts);
    list = (struct ArrowSchema){.format = "+l",
                                .name = "lesions",
                                .n_children = 1,
                                .children = &records,
                                .release = keep_schema};
    values = (struct ArrowArray){.length = 2,
                                 .n_buffers = 2,
                                 .n_children = 1,
                                 .buffers = lists,
                                 .children = &below,
                                 .release = keep_array};
    struct ArrowSchema whole = {
        .format = "+s", .n_children = 1, .children = &lesions, .release = keep_schema};
    struct ArrowArray table = {.length = 2,
                               .n_buffers = 1,
                               .n_children = 1,
                               .buffers = (const void **)(uintptr_t)no_nulls,
                               .children = &columns,
                               .release = keep_array};
    TRY(bonemets_batch_new(set, targets, 2, &batch, NULL), batch);
    TRY(bonemets_batch_map(batch, "lesions.V7", "collapse_pct", "%", NULL), NULL);
    TRY(bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, 1), NULL);
    TRY(bonemets_batch_bind(batch, &whole, NULL), NULL);
    TRY(bonemets_batch_run(batch, &table, &answer, NULL), (const void *)(uintptr_t)answer.release);
    answer.release(&answer);
    lists[1] = both;
    table.length = values.length = 1;
    TRY(bonemets_batch_run(batch, &table, &answer, NULL), (const void *)(uintptr_t)answer.release);
done:
    if (answer.release)
        answer.release(&answer);
    bonemets_batch_free(reached(batch));
    return status;
}

static void fail_each(bonemets_status (*work)(bonemets_guidelines *set))
{
    bonemets_loader *loader;
    bonemets_guidelines *set;
    assert_int_equal(bonemets_loader_new(hook, &bytes, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_embedded(loader, NULL, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &set, NULL), BONEMETS_OK);
    bonemets_loader_free(loader);
    const long held = bytes;
    for (int forever = 0; forever < 2; forever++) {
        long at = 0;
        do {
            persistent = forever;
            left = ++at;
            failed = 0;
            hook_armed = true;
            const bonemets_status status = work(set);
            hook_armed = false;
            assert_int_equal(bytes, held);
            assert_false(handed_out);
            assert_int_equal(status, failed && forever ? BONEMETS_E_MEMORY : BONEMETS_OK);
        } while (failed);
        print_message("%ld allocations, %s\n", at - 1, forever ? "for good" : "once");
        assert_true(at > 20);
    }
    bonemets_guidelines_unref(set);
    assert_int_equal(bytes, 0);
}

static void cohorts(void **state)
{
    (void)state;
    fail_each(run_cohort);
}

static void lists(void **state)
{
    (void)state;
    fail_each(run_lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cohorts),
        cmocka_unit_test(lists),
        cmocka_unit_test(embedded_tables),
        cmocka_unit_test(embedded_tables_with_malloc),
        cmocka_unit_test(small_tables_from_a_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
