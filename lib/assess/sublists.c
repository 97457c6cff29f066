/* SPDX-License-Identifier: Apache-2.0 */
/* Lists within an entry. Reasons and missing facts are worked out when they are first asked for, so
 * that an assessment costs only what is read from it. */
#include <string.h>

#include "assess/entry.h"

static bool wants_marks(int32_t sub)
{
    return sub == BONEMETS_SUB_MISSING || sub == BONEMETS_SUB_FACTS || sub == BONEMETS_SUB_ASSUMED;
}

static void collect_marks(const bm_view *view, int32_t sub, bm_marks *marks)
{
    if (view->differs.fact)
        bm_differs_facts(view, marks);
    else if (sub == BONEMETS_SUB_MISSING)
        bm_reasons_missing(view->a, view->list, view->entry, marks);
    else if (sub == BONEMETS_SUB_FACTS)
        bm_reasons_facts(view->a, view->list, view->entry, marks);
    else
        bm_reasons_assumed(view->a, view->list, view->entry, marks);
}

/* Members that a fact counts for: those present of a set, else one. */
static int weight_of(const bm_view *view, int32_t sub, const bm_ref *ref)
{
    const bm_fact *fact = bm_view_fact(view, ref->kind, ref->input);
    if (sub != BONEMETS_SUB_FACTS || fact->type.base != BM_SET)
        return 1;
    bm_cell cell = bm_assessment_cell(&view->a->frame, ref->kind, ref->record, ref->input);
    int members = __builtin_popcountll(cell.low.mask);
    return members ? members : 1;
}

static int nth_member(const bm_view *view, const bm_ref *ref, int n)
{
    bm_cell cell = bm_assessment_cell(&view->a->frame, ref->kind, ref->record, ref->input);
    uint64_t mask = cell.low.mask;
    for (; n > 0; n--)
        mask &= mask - 1;
    return mask ? __builtin_ctzll(mask) : -1;
}

/* Goes through the references; each that fits into `room` is written. Returns how many there are,
 * and in *nth the one of that number. */
static int walk_refs(const bm_view *view, int32_t sub, const bm_marks *marks, bm_ref *out, int room,
                     int wanted, bm_ref *nth)
{
    const bm_frame *frame = &view->a->frame;
    int count = 0;
    bm_marked_input one;
    for (size_t at = 0; bm_marks_next(marks, frame, &at, &one);) {
        bm_ref ref = {one.kind, one.record, one.input, -1};
        bool set = sub == BONEMETS_SUB_FACTS &&
                   bm_view_fact(view, one.kind, one.input)->type.base == BM_SET;
        int weight = weight_of(view, sub, &ref);
        for (int m = 0; m < weight; m++, count++) {
            ref.member = set ? nth_member(view, &ref, m) : -1;
            if (count < room)
                out[count] = ref;
            if (count == wanted)
                *nth = ref;
        }
    }
    return count;
}

static size_t kept_place(const bm_view *view, int32_t sub)
{
    const bonemets_assessment *a = view->a;
    const bm_entries *lists[] = {&a->results, &a->choices, &a->advice, &a->undecided};
    const int32_t names[] = {BONEMETS_RESULTS, BONEMETS_CHOICES, BONEMETS_ADVICE,
                             BONEMETS_UNDECIDED};
    size_t before = 0;
    int l = 0;
    for (; names[l] != view->list; l++)
        before += (size_t)lists[l]->count;
    size_t entry = before + (size_t)(view->entry - lists[l]->items);
    int which = sub == BONEMETS_SUB_MISSING ? 0 : sub == BONEMETS_SUB_FACTS ? 1 : 2;
    return entry * BM_KEPT_LISTS + (size_t)which;
}

static bm_refs *make_refs(const bm_view *view, int32_t sub)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_ref none;
    bm_marks_init(&marks, &view->a->frame, words);
    collect_marks(view, sub, &marks);
    int count = walk_refs(view, sub, &marks, NULL, 0, -1, &none);
    size_t size = sizeof(bm_refs) + (size_t)count * sizeof(bm_ref);
    bm_refs *refs = bm_take(&view->a->memory, size);
    if (!refs)
        return NULL;
    refs->size = size;
    refs->count = count;
    if (count)
        walk_refs(view, sub, &marks, refs->items, count, -1, &none);
    return refs;
}

/* Room for all lists; NULL when there is no memory for it. */
static bm_kept *kept_of(const bonemets_assessment *a)
{
    _Atomic(bm_kept *) *place = &((bonemets_assessment *)(uintptr_t)a)->kept;
    bm_kept *kept = atomic_load_explicit(place, memory_order_acquire), *other = NULL;
    if (kept)
        return kept;
    size_t entries = (size_t)a->results.count + (size_t)a->choices.count + (size_t)a->advice.count +
                     (size_t)a->undecided.count;
    size_t count = entries * BM_KEPT_LISTS, size = sizeof *kept + count * sizeof kept->refs[0];
    kept = bm_take(&a->memory, size);
    if (!kept)
        return NULL;
    kept->size = size;
    kept->count = count;
    for (size_t i = 0; i < count; i++)
        atomic_init(&kept->refs[i], NULL);
    if (atomic_compare_exchange_strong_explicit(place, &other, kept, memory_order_acq_rel,
                                                memory_order_acquire))
        return kept;
    bm_give_back(&a->memory, kept, size); /* another thread was faster */
    return other;
}

/* The list, made at the first call whoever makes it; NULL when there is no memory to keep it. */
static const bm_refs *refs_of(const bm_view *view, int32_t sub)
{
    bm_kept *kept = kept_of(view->a);
    if (!kept)
        return NULL;
    _Atomic(bm_refs *) *place = &kept->refs[kept_place(view, sub)];
    bm_refs *refs = atomic_load_explicit(place, memory_order_acquire);
    if (refs)
        return refs;
    refs = make_refs(view, sub);
    bm_refs *other = NULL;
    if (!refs || atomic_compare_exchange_strong_explicit(place, &other, refs, memory_order_acq_rel,
                                                         memory_order_acquire))
        return refs;
    bm_give_back(&view->a->memory, refs, refs->size); /* another thread was faster */
    return other;
}

static int find_ref_anew(const bm_view *view, int32_t sub, int wanted, bm_ref *out)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &view->a->frame, words);
    collect_marks(view, sub, &marks);
    return walk_refs(view, sub, &marks, NULL, 0, wanted, out);
}

/* Counts the references; when there is one of that number, *out receives it. */
static int find_ref(const bm_view *view, int32_t sub, int wanted, bm_ref *out)
{
    const bm_refs *refs = view->differs.fact ? NULL : refs_of(view, sub); /* these are not kept */
    if (!refs)
        return find_ref_anew(view, sub, wanted, out);
    if (wanted >= 0 && wanted < refs->count)
        *out = refs->items[wanted];
    return refs->count;
}

static const bm_words *source_words(const bm_view *view)
{
    return view->row ? &view->row->sources : NULL;
}

static bm_cell cell_of_note(const bm_view *view, int32_t slot)
{
    return bm_assessment_cell(bm_assessment_noted(view->a), view->guideline->kind,
                              view->entry->record, slot);
}

bool bm_view_note_holds(const bm_view *view, const bm_note *note)
{
    return note->when.ex && bm_view_state(view) != BONEMETS_INAPPLICABLE &&
           cell_of_note(view, note->when_slot).low.mask == BM_YES;
}

bool bm_view_note_alternative(const bm_view *view, const bm_note *note, bm_cell *out)
{
    bool there = note && note->alternative_slot >= 0;
    *out = there ? cell_of_note(view, note->alternative_slot) : (bm_cell){.low.number = 0};
    return there;
}

/* Notes that hold for a result. */
static const bm_note *nth_note(const bm_view *view, int wanted, int *count)
{
    const bm_note *found = NULL;
    *count = 0;
    for (int i = 0; i < view->guideline->note_count; i++) {
        const bm_note *note = &view->guideline->notes[i];
        if (bm_view_note_holds(view, note) && (*count)++ == wanted)
            found = note;
    }
    return found;
}

static uint64_t possible_mask(const bm_view *view, int32_t sub)
{
    if (sub == BONEMETS_SUB_BANDS)
        return view->score && view->score->band_count &&
                       bm_view_state(view) != BONEMETS_INAPPLICABLE
                   ? bm_view_cell(view, view->score->band).low.mask
                   : 0;
    return view->choice ? bm_view_cell(view, view->choice->slot).low.mask & ~BM_UNSET : 0;
}

static int nth_bit(uint64_t mask, int n)
{
    for (; n > 0 && mask; n--)
        mask &= mask - 1;
    return mask ? __builtin_ctzll(mask) : -1;
}

/* Of a superseded row only the warnings count. */
static bool row_speaks(const bm_view *view)
{
    bool entry_is_row = view->row && !view->choice;
    const bm_row *made = entry_is_row ? &view->a->set->program.rows[view->row->row] : NULL;
    return made && (bm_view_cell(view, made->slot).low.mask & BM_ROW_SPEAKS);
}

static const bm_words *row_words(const bm_view *view, int32_t sub)
{
    static const bm_words none = {0};
    if (sub == BONEMETS_SUB_WARN)
        return view->row && !view->choice ? &view->row->warnings : &none;
    return row_speaks(view) ? &view->row->actions : &none;
}

/* Entry `wanted` of what the row adds to lists, *list being the list; returns how many there are. */
static int find_added(const bm_view *view, int wanted, const char **word, const bm_list **list)
{
    int count = 0;
    const bm_guideline *guideline = view->guideline;
    for (int i = 0; row_speaks(view) && i < view->row->addition_count; i++) {
        const bm_addition *added = &view->row->additions[i];
        if (wanted >= count && wanted < count + added->words.count) {
            *word = added->words.items[wanted - count];
            *list = bm_guideline_list(guideline, added->list);
        }
        count += added->words.count;
    }
    return count;
}

static int sub_count(const bm_view *view, int32_t sub)
{
    int count = 0;
    bm_ref ref;
    if (view->note || (view->differs.fact && sub != BONEMETS_SUB_FACTS))
        return view->note ? 0 : bm_differs_count(view, sub);
    if (wants_marks(sub))
        return find_ref(view, sub, -1, &ref);
    switch (sub) {
    case BONEMETS_SUB_ITEMS:
        return view->score ? view->score->item_count : 0;
    case BONEMETS_SUB_BANDS:
    case BONEMETS_SUB_POSSIBLE:
        return __builtin_popcountll(possible_mask(view, sub));
    case BONEMETS_SUB_NOTES:
        if (view->list == BONEMETS_RESULTS && bm_view_state(view) != BONEMETS_INAPPLICABLE)
            nth_note(view, -1, &count);
        return count;
    case BONEMETS_SUB_DO:
    case BONEMETS_SUB_WARN:
        return row_words(view, sub)->count;
    case BONEMETS_SUB_ADD:
        return find_added(view, -1, NULL, NULL);
    case BONEMETS_SUB_SOURCES:
        if (view->list == BONEMETS_RESULTS)
            return view->guideline->source_count;
        return source_words(view) ? source_words(view)->count : 0;
    default:
        return 0;
    }
}

int32_t bm_view_count(const bm_view *view, int32_t sub)
{
    return view->asked ? 0 : sub_count(view, sub);
}

int32_t bonemets_assessment_sub_count(const bonemets_assessment *result, int32_t list, int32_t i,
                                      int32_t sub)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_count(&view, sub) : 0;
}

/* Does entry j of the sublist exist? For lists of facts that is found out with the entry. */
static bool has_sub(const bm_view *view, int32_t sub, int32_t j)
{
    bool later = wants_marks(sub) && !view->differs.fact;
    return !view->asked && !view->note && j >= 0 && (later || j < sub_count(view, sub));
}

bool bm_view_ref(const bm_view *view, int32_t sub, int32_t j, bm_ref *out)
{
    return find_ref(view, sub, j, out) > j;
}

static const char *ref_code(const bm_view *view, const bm_fact *fact, const bm_ref *ref)
{
    static const char *const flags[] = {NULL, "no", "yes", NULL};
    if (ref->member >= 0)
        return fact->type.codes->ids[ref->member];
    bm_cell cell = bm_assessment_cell(&view->a->frame, ref->kind, ref->record, ref->input);
    if (fact->type.base == BM_BOOL)
        return flags[cell.low.mask & 3];
    if (fact->type.base == BM_CODE && bm_cell_known(BM_CODE, cell))
        return fact->type.codes->ids[__builtin_ctzll(cell.low.mask)];
    return NULL;
}

static const char *ref_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    bm_ref ref;
    if (find_ref(view, sub, j, &ref) <= j)
        return NULL;
    const bm_fact *fact = bm_view_fact(view, ref.kind, ref.input);
    switch (field) {
    case BONEMETS_F_ID:
        return fact->id;
    case BONEMETS_F_LABEL:
        return fact->label;
    case BONEMETS_F_UNIT:
        return bm_type_unit_name(&fact->type);
    case BONEMETS_F_CODE:
        return ref_code(view, fact, &ref);
    default:
        return NULL;
    }
}

static const char *possible_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    int bit = nth_bit(possible_mask(view, sub), j);
    if (bit < 0)
        return NULL;
    if (sub == BONEMETS_SUB_BANDS)
        return field == BONEMETS_F_ID      ? view->score->bands[bit].id
               : field == BONEMETS_F_LABEL ? view->score->bands[bit].label
                                           : NULL;
    const bm_codes *codes = &view->choice->codes;
    return field == BONEMETS_F_CODE || field == BONEMETS_F_ID ? codes->ids[bit]
           : field == BONEMETS_F_LABEL                        ? codes->labels[bit]
                                                              : NULL;
}

static const char *note_str(const bm_view *view, int32_t j, bonemets_field field)
{
    int count;
    const bm_note *note = nth_note(view, j, &count);
    if (!note)
        return NULL;
    return field == BONEMETS_F_ID         ? note->id
           : field == BONEMETS_F_MESSAGE  ? note->say
           : field == BONEMETS_F_VERIFIED ? note->verified
                                          : NULL;
}

static const char *source_str(const bm_view *view, int32_t j, bonemets_field field)
{
    const char *key = view->list == BONEMETS_RESULTS ? view->guideline->sources[j].key
                                                     : source_words(view)->items[j];
    const bm_source *source = bm_view_source(view, key);
    if (field == BONEMETS_F_ID)
        return key;
    return field == BONEMETS_F_MESSAGE && source ? source->cite : NULL;
}

static const char *item_str(const bm_item *item, bonemets_field field)
{
    return field == BONEMETS_F_ID         ? item->id
           : field == BONEMETS_F_LABEL    ? (item->label ? item->label : item->id)
           : field == BONEMETS_F_VERIFIED ? item->verified
                                          : NULL;
}

static const char *word_str(const bm_view *view, const char *word, bonemets_field field)
{
    return field == BONEMETS_F_ID      ? word
           : field == BONEMETS_F_LABEL ? bm_view_wording(view, word)
                                       : NULL;
}

static const char *added_str(const bm_view *view, int32_t j, bonemets_field field)
{
    const char *word = NULL;
    const bm_list *list = NULL;
    find_added(view, j, &word, &list);
    return field == BONEMETS_F_LIST         ? list->id
           : field == BONEMETS_F_LIST_LABEL ? list->label
                                            : word_str(view, word, field);
}

const char *bm_view_sub_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    if (!has_sub(view, sub, j))
        return NULL;
    if (wants_marks(sub))
        return ref_str(view, sub, j, field);
    if (view->differs.fact)
        return bm_differs_sub_str(view, sub, j, field);
    switch (sub) {
    case BONEMETS_SUB_ITEMS:
        return item_str(&view->score->items[j], field);
    case BONEMETS_SUB_BANDS:
    case BONEMETS_SUB_POSSIBLE:
        return possible_str(view, sub, j, field);
    case BONEMETS_SUB_NOTES:
        return note_str(view, j, field);
    case BONEMETS_SUB_DO:
    case BONEMETS_SUB_WARN:
        return word_str(view, row_words(view, sub)->items[j], field);
    case BONEMETS_SUB_ADD:
        return added_str(view, j, field);
    case BONEMETS_SUB_SOURCES:
        return source_str(view, j, field);
    default:
        return NULL;
    }
}

const char *bonemets_assessment_sub_str(const bonemets_assessment *result, int32_t list, int32_t i,
                                        int32_t sub, int32_t j, bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_sub_str(&view, sub, j, field) : NULL;
}

static int item_state(const bm_view *view, const bm_item *item)
{
    bm_cell cell = bm_view_cell(view, item->slot);
    if (bm_view_state(view) == BONEMETS_INAPPLICABLE)
        return BONEMETS_INAPPLICABLE;
    if (bm_cell_known(BM_NUMBER, cell))
        return BONEMETS_KNOWN;
    return bm_cell_same(BM_NUMBER, cell, item->blank) ? BONEMETS_UNKNOWN : BONEMETS_PARTLY;
}

static int ref_int(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    bm_ref ref;
    if (find_ref(view, sub, j, &ref) <= j)
        return -1;
    if (field == BONEMETS_F_LESION)
        return bm_assessment_record(view->a, ref.kind, ref.record);
    if (field != BONEMETS_F_STATE)
        return -1;
    bm_base base = bm_view_fact(view, ref.kind, ref.input)->type.base;
    bm_cell cell = bm_assessment_cell(&view->a->frame, ref.kind, ref.record, ref.input);
    return bm_cell_known(base, cell) ? BONEMETS_KNOWN : BONEMETS_PARTLY;
}

static bm_cell note_cell(const bm_view *view, int32_t j, bool *there)
{
    int count;
    bm_cell cell;
    *there = bm_view_note_alternative(view, nth_note(view, j, &count), &cell);
    return cell;
}

static int added_ignore(const bm_view *view, int32_t j)
{
    const char *word = NULL;
    const bm_list *list = NULL;
    find_added(view, j, &word, &list);
    return bm_ignored(view->a, view->guideline, view->entry->record, &list->ignore);
}

int32_t bm_view_sub_int(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    bool there;
    if (!has_sub(view, sub, j))
        return -1;
    if (wants_marks(sub))
        return ref_int(view, sub, j, field);
    if (field == BONEMETS_F_IGNORE && sub == BONEMETS_SUB_ADD)
        return added_ignore(view, j);
    if (field != BONEMETS_F_STATE)
        return -1;
    if (sub == BONEMETS_SUB_ITEMS)
        return item_state(view, &view->score->items[j]);
    if (sub != BONEMETS_SUB_NOTES)
        return -1;
    bm_cell cell = note_cell(view, j, &there);
    return !there ? -1 : bm_cell_known(BM_NUMBER, cell) ? BONEMETS_KNOWN : BONEMETS_PARTLY;
}

int32_t bonemets_assessment_sub_int(const bonemets_assessment *result, int32_t list, int32_t i,
                                    int32_t sub, int32_t j, bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_sub_int(&view, sub, j, field) : -1;
}

static double side(bm_cell cell, bonemets_field field)
{
    return field == BONEMETS_F_LOW ? cell.low.number : cell.high.number;
}

static double ref_num(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    bm_ref ref;
    if (find_ref(view, sub, j, &ref) <= j ||
        bm_view_fact(view, ref.kind, ref.input)->type.base != BM_NUMBER)
        return 0;
    return side(bm_assessment_cell(&view->a->frame, ref.kind, ref.record, ref.input), field);
}

double bm_view_sub_num(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    bool there;
    if (!has_sub(view, sub, j) || (field != BONEMETS_F_LOW && field != BONEMETS_F_HIGH))
        return 0;
    if (wants_marks(sub))
        return ref_num(view, sub, j, field);
    if (sub == BONEMETS_SUB_ITEMS)
        return side(bm_view_cell(view, view->score->items[j].slot), field);
    if (sub == BONEMETS_SUB_NOTES)
        return side(note_cell(view, j, &there), field);
    int bit = sub == BONEMETS_SUB_POSSIBLE ? nth_bit(possible_mask(view, sub), j) : -1;
    return bit >= 0 && view->choice->numbers ? view->choice->numbers[bit] : 0;
}

double bonemets_assessment_sub_num(const bonemets_assessment *result, int32_t list, int32_t i,
                                   int32_t sub, int32_t j, bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_sub_num(&view, sub, j, field) : 0;
}
