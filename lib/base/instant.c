/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <string.h>

#include "bonemets/bonemets.h"

enum { HOUR = 3600, DAY = BM_DAY, DATE_LENGTH = 10, MINUTES_LENGTH = 16, FULL_LENGTH = 19 };

/* Days to 1970-01-01 from 0000-03-01, where the years of this count begin: a leap day ends one. */
enum { DAYS_TO_1970 = 719468, DAYS_OF_400_YEARS = 146097, DAYS_OF_YEAR = 365, MARCH = 3 };

const double bm_first_instant = -62135596800.0, bm_last_instant = 253402300799.0;

typedef struct {
    int year, month, day;
} date;

/* Months from March have 31 30 31 30 31 days over and over, which 153 days in five months say. */
static long days_before_month(int month)
{
    int from_march = (month + 12 - MARCH) % 12;
    return (153 * from_march + 2) / 5;
}

static long days_of(date at)
{
    long year = at.year - (at.month < MARCH ? 1 : 0);
    return year * DAYS_OF_YEAR + year / 4 - year / 100 + year / 400 + days_before_month(at.month) +
           at.day - 1 - DAYS_TO_1970;
}

static date date_of(long days)
{
    long since = days + DAYS_TO_1970;
    long cycle = since / DAYS_OF_400_YEARS, in_cycle = since % DAYS_OF_400_YEARS;
    long year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / DAYS_OF_YEAR;
    long in_year = in_cycle - (DAYS_OF_YEAR * year + year / 4 - year / 100);
    long from_march = (5 * in_year + 2) / 153;
    date at = {.day = (int)(in_year - (153 * from_march + 2) / 5) + 1};
    at.month = (int)(from_march < 10 ? from_march + MARCH : from_march + MARCH - 12);
    at.year = (int)(year + 400 * cycle) + (at.month < MARCH ? 1 : 0);
    return at;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool has_shape(const char *text, size_t length, const char *shape)
{
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '0' ? !digit : text[i] != shape[i]) {
            return false;
        }
    }
    return true;
}

static int digits_at(const char *text, int count)
{
    int number = 0;
    while (count-- > 0) {
        number = 10 * number + (*text++ - '0');
    }
    return number;
}

static const char *wrong_shape(const char *text, size_t length)
{
    static const char minutes[] = "0000-00-00T00:00";
    bool dated = length > DATE_LENGTH && has_shape(text, DATE_LENGTH, minutes);
    if (dated && (text[DATE_LENGTH] == ' ' || text[DATE_LENGTH] == 't')) {
        return "between date and time stands a T";
    }
    if (length <= MINUTES_LENGTH || !has_shape(text, MINUTES_LENGTH, minutes)) {
        return "expected date and time such as 2026-11-21T08:00, or a date alone";
    }
    if (memchr(text + MINUTES_LENGTH, 'Z', length - MINUTES_LENGTH) != NULL ||
        memchr(text + MINUTES_LENGTH, '+', length - MINUTES_LENGTH) != NULL ||
        memchr(text + MINUTES_LENGTH, '-', length - MINUTES_LENGTH) != NULL) {
        return "it names a time zone; write all times of a record by one clock, without a zone";
    }
    if (length > FULL_LENGTH && (text[FULL_LENGTH] == '.' || text[FULL_LENGTH] == ',')) {
        return "parts of a second are not taken";
    }
    return "something stands behind the minutes that is no :SECONDS";
}

static const char *read_date(const char *text, date *out)
{
    *out = (date){digits_at(text, 4), digits_at(text + 5, 2), digits_at(text + 8, 2)};
    if (out->year < 1) {
        return "there is no year 0000";
    }
    if (out->month < 1 || out->month > 12) {
        return "there is no such month";
    }
    return out->day < 1 || out->day > days_in_month(out->year, out->month)
               ? "there is no such day in that month"
               : NULL;
}

const char *bm_read_instant(const char *text, size_t length, double *from, double *to)
{
    date day;
    bool date_only = length == DATE_LENGTH;
    if (!(date_only || length == MINUTES_LENGTH || length == FULL_LENGTH) ||
        !has_shape(text, length, "0000-00-00T00:00:00")) {
        return wrong_shape(text, length);
    }
    const char *problem = read_date(text, &day);
    if (problem != NULL) {
        return problem;
    }
    int hour = date_only ? 0 : digits_at(text + 11, 2);
    int minute = date_only ? 0 : digits_at(text + 14, 2);
    int second = length == FULL_LENGTH ? digits_at(text + 17, 2) : 0;
    if (hour > 23 || minute > 59 || second > 59) {
        return hour == 24 ? "the day ends at 23:59; midnight is 00:00 of the next one"
                          : "there is no such time of day";
    }
    *from = (double)days_of(day) * DAY + hour * HOUR + minute * 60 + second;
    *to = date_only ? *from + DAY : *from;
    *to = *to < bm_last_instant ? *to : bm_last_instant;
    return NULL;
}

static void put_digits(bm_text *text, int number, int count)
{
    for (int power = count == 4 ? 1000 : 10; power > 0; power /= 10) {
        bm_put_char(text, (char)('0' + number / power % 10));
    }
}

void bm_put_instant(bm_text *text, double seconds)
{
    if (!(seconds >= bm_first_instant && seconds <= bm_last_instant)) {
        bm_put_number(text, seconds);
        return;
    }
    /* counted from the first, so that nothing is negative where it is cut off */
    long long whole = (long long)(seconds - bm_first_instant + 0.5);
    long first_day = (long)(bm_first_instant / DAY);
    int of_day = (int)(whole % DAY);
    date at = date_of((long)(whole / DAY) + first_day);
    put_digits(text, at.year, 4);
    bm_put_char(text, '-');
    put_digits(text, at.month, 2);
    bm_put_char(text, '-');
    put_digits(text, at.day, 2);
    bm_put_char(text, 'T');
    put_digits(text, of_day / HOUR, 2);
    bm_put_char(text, ':');
    put_digits(text, of_day / 60 % 60, 2);
    if (of_day % 60 != 0) {
        bm_put_char(text, ':');
        put_digits(text, of_day % 60, 2);
    }
}

bonemets_status bonemets_instant_write(double seconds, char *buf, size_t size, size_t *needed)
{
    bm_text text;
    if (needed != NULL) {
        *needed = 0;
    }
    if (buf != NULL && size > 0) {
        buf[0] = '\0';
    }
    if (buf == NULL && size > 0) {
        return BONEMETS_E_ARGUMENT;
    }
    if (!(seconds >= bm_first_instant && seconds <= bm_last_instant)) {
        return BONEMETS_E_RANGE;
    }
    bm_text_init(&text, buf, size);
    bm_put_instant(&text, seconds);
    if (needed != NULL) {
        *needed = text.length + 1;
    }
    return text.length < size ? BONEMETS_OK : BONEMETS_E_SPACE;
}
