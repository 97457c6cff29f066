/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

void bm_page_init(bm_page *page, bm_text *out)
{
    memset(page, 0, sizeof *page);
    page->out = out;
}

static void put_blanks(bm_page *page, int column)
{
    for (; page->column < column; page->column++) {
        bm_put_char(page->out, ' ');
    }
}

static void break_line(bm_page *page)
{
    bm_put_char(page->out, '\n');
    page->column = 0;
    page->wrapped = true;
    put_blanks(page, page->hang);
    page->filled = false;
    page->blank = false;
}

static void flush_word(bm_page *page)
{
    if (page->length == 0) {
        return;
    }
    int gap = page->blank && page->filled ? 1 : 0;
    if (!page->markdown && page->filled && page->column + gap + page->width > BM_PAGE_WIDTH) {
        break_line(page);
        gap = 0;
    }
    put_blanks(page, page->column + gap);
    bm_put_bytes(page->out, page->word, page->length);
    page->column += page->width;
    page->filled = true;
    page->blank = false;
    page->length = 0;
    page->width = 0;
}

static void put_byte(bm_page *page, char byte)
{
    bool begins_character = ((unsigned char)byte & 0xc0) != 0x80;
    /* A word longer than a line has to be broken somewhere. */
    if (page->length == sizeof page->word ||
        (begins_character && page->width >= BM_PAGE_WIDTH - page->hang)) {
        flush_word(page);
    }
    page->word[page->length++] = byte;
    page->width += begins_character ? 1 : 0;
}

/* Has Markdown a meaning for this character here? Digits and a dot make a list at the start. */
static bool is_markup(const bm_page *page, char c)
{
    bool start = !page->filled && page->length == 0, digits = !page->filled && page->length > 0;
    char before = page->length > 0 ? page->word[page->length - 1] : '\0';
    for (size_t i = 0; i < page->length; i++) {
        digits = digits && page->word[i] >= '0' && page->word[i] <= '9';
    }
    return strchr("\\`*_|<>&~$", c) != NULL || (start && strchr("#-+=[", c) != NULL) ||
           (digits && (c == '.' || c == ')')) || (before == ']' && (c == '(' || c == ':'));
}

static void put_content(bm_page *page, char byte)
{
    if (page->markdown && is_markup(page, byte)) {
        put_byte(page, '\\');
    }
    put_byte(page, byte);
}

/* What is no content: it is not escaped. */
static void put_markup(bm_page *page, const char *text)
{
    flush_word(page);
    bm_put(page->out, text);
    page->column += (int)strlen(text);
    page->blank = page->filled = false;
}

/* In Markdown a paragraph, a list and a title need an empty line before them. */
static void stand_apart(bm_page *page)
{
    if (page->markdown && page->below) {
        bm_put_char(page->out, '\n');
        page->below = false;
    }
}

static const char *markdown_bullet(const char *bullet)
{
    return bullet[0] == '\0' ? bullet : bullet[0] == '!' ? "- **!** " : "- ";
}

void bm_page_begin(bm_page *page, int indent, const char *bullet)
{
    if (bullet == NULL && indent == 0) {
        stand_apart(page);
    } else if (bullet == NULL && page->markdown) {
        bullet = "- "; /* it would run into the item above */
    }
    page->hang = indent;
    put_blanks(page, indent);
    if (bullet != NULL) {
        const char *shown = page->markdown ? markdown_bullet(bullet) : bullet;
        bm_put(page->out, shown);
        page->column += (int)strlen(shown);
        page->hang = page->column;
    }
    page->filled = false;
    page->blank = false;
}

void bm_page_tab(bm_page *page, int column)
{
    flush_word(page);
    page->hang = column;
    if (page->filled && page->column + 1 > column) {
        break_line(page);
    }
    put_blanks(page, column);
    page->filled = false;
    page->blank = false;
}

void bm_page_end(bm_page *page)
{
    flush_word(page);
    bm_put_char(page->out, '\n');
    page->column = 0;
    page->hang = 0;
    page->below = true;
}

void bm_page_gap(bm_page *page)
{
    if (page->markdown) {
        stand_apart(page);
    } else {
        bm_put_char(page->out, '\n');
    }
}

void bm_page_begin_title(bm_page *page, char rule)
{
    bm_page_begin(page, 0, NULL);
    page->wrapped = false;
    if (page->markdown) {
        put_markup(page, rule == '=' ? "# " : rule == '-' ? "## " : "### ");
    }
}

void bm_page_end_title(bm_page *page, char rule)
{
    flush_word(page);
    int width = page->wrapped ? BM_PAGE_WIDTH : page->column;
    bm_page_end(page);
    for (int i = 0; i < width && rule != ' ' && !page->markdown; i++) {
        bm_put_char(page->out, rule);
    }
    if (page->markdown || rule != ' ') {
        bm_put_char(page->out, '\n');
        page->below = !page->markdown;
    }
}

void bm_page_row(bm_page *page, bool first)
{
    bm_page_begin(page, 0, first ? NULL : "");
    if (page->markdown) {
        put_markup(page, "| ");
    }
}

void bm_page_cell(bm_page *page, int column)
{
    if (page->markdown) {
        put_markup(page, " | ");
    } else {
        bm_page_tab(page, column);
    }
}

void bm_page_end_row(bm_page *page, int titles)
{
    if (page->markdown) {
        put_markup(page, " |");
    }
    bm_page_end(page);
    for (int i = 0; i < titles && page->markdown; i++) {
        bm_put(page->out, i + 1 < titles ? "|---" : "|---|\n");
    }
}

void bm_page_title(bm_page *page, const char *title, char rule)
{
    bm_page_begin_title(page, rule);
    bm_page_put(page, title);
    bm_page_end_title(page, rule);
}

void bm_page_put(bm_page *page, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == ' ' || *text == '\n' || *text == '\t') {
            flush_word(page);
            page->blank = true;
        } else {
            put_content(page, *text);
        }
    }
}

void bm_page_puts(bm_page *page, const char *const *texts)
{
    for (; *texts != NULL; texts++) {
        bm_page_put(page, *texts);
    }
}

void bm_page_name(bm_page *page, const char *name)
{
    for (; name != NULL && *name != '\0'; name++) {
        char text[2] = {*name == '_' ? ' ' : *name, '\0'};
        bm_page_put(page, text);
    }
}

void bm_page_capitals(bm_page *page, const char *name)
{
    for (; name != NULL && *name != '\0'; name++) {
        bool lower = *name >= 'a' && *name <= 'z';
        char text[2] = {lower ? (char)(*name - 'a' + 'A') : *name == '_' ? ' ' : *name, '\0'};
        bm_page_put(page, text);
    }
}

void bm_page_exact(bm_page *page, double value)
{
    char digits[400];
    bm_text text;
    bm_text_init(&text, digits, sizeof digits);
    bm_put_number(&text, value);
    bm_page_put(page, digits);
}

void bm_page_number(bm_page *page, double value)
{
    bool rounds = fabs(value) >= 0.1 && fabs(value) < 1e9;
    bm_page_exact(page, rounds ? floor(value * 1000 + 0.5) / 1000 : value);
}

void bm_page_quantity(bm_page *page, double value, const char *unit)
{
    bm_page_number(page, value);
    if (unit != NULL) {
        put_byte(page, ' ');
        bm_page_put(page, unit);
    }
}

void bm_page_hours(bm_page *page, double hours)
{
    double days = hours / 24;
    if (hours <= 0) {
        bm_page_put(page, "at once");
    } else if (days >= 3 && floor(days) >= days) {
        bm_page_quantity(page, days, "days");
    } else {
        bm_page_quantity(page, hours, "h");
    }
}

void bm_page_instants(bm_page *page, double from, double to)
{
    char written[64];
    bm_text text;
    bm_text_init(&text, written, sizeof written);
    bm_put_instant(&text, from);
    if (from < to) {
        bm_put(&text, " to ");
        bm_put_instant(&text, to);
    }
    bm_page_put(page, written);
}

void bm_page_int(bm_page *page, long long value)
{
    char digits[24];
    bm_text text;
    bm_text_init(&text, digits, sizeof digits);
    bm_put_int(&text, value);
    bm_page_put(page, digits);
}

void bm_page_line(bm_page *page, int indent, const char *bullet, const char *text)
{
    bm_page_begin(page, indent, bullet);
    bm_page_put(page, text);
    bm_page_end(page);
}
