/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bonemets.h
 * @brief The whole public interface of bonemets.
 *
 * bonemets turns what is known about a patient with bone or spinal metastases into scores, triage
 * and treatment considerations. All clinical content comes from guideline tables; see
 * doc/guideline-language.md for how they are written.
 *
 * Rules that hold for every function here:
 * - Text is UTF-8 and NUL-terminated. A returned string is static, or is lent by the handle that
 *   was passed first and stays valid until that handle is freed or released.
 * - No function prints, aborts, or reads the clock, the locale or the environment. Files are read
 *   only by the functions that are given a path.
 * - A result that a function hands out through a pointer is set to NULL or 0 first, so it is safe
 *   to look at whatever the status. Handing in NULL where a handle is needed gives
 *   #BONEMETS_E_ARGUMENT, an empty value or no effect, never a crash.
 * - A function that takes a `bonemets_error` accepts NULL in its place. Errors are added to it, so
 *   one object can collect the reports of several calls.
 * - Threads: a #bonemets_guidelines and a #bonemets_assessment never change and may be shared by
 *   any number of threads. Every other handle belongs to one thread at a time.
 */
#ifndef BONEMETS_BONEMETS_H
#define BONEMETS_BONEMETS_H

#include <stddef.h>
#include <stdint.h>

#ifndef BONEMETS_API
#define BONEMETS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Version that this header belongs to, as bonemets_version() tells that of the library. @since 1.0 */
#define BONEMETS_VERSION 1000000

/** Collects errors and warnings. One thread at a time. @since 1.0 */
typedef struct bonemets_error bonemets_error;
/** Gathers guideline tables before they are built into a set. One thread at a time. @since 1.0 */
typedef struct bonemets_loader bonemets_loader;
/** A verified set of guidelines: immutable, counted, shared between threads. @since 1.0 */
typedef struct bonemets_guidelines bonemets_guidelines;
/** What is known about one patient. One thread at a time. @since 1.0 */
typedef struct bonemets_patient bonemets_patient;
/** The answer for one patient: immutable, counted, shared between threads. @since 1.0 */
typedef struct bonemets_assessment bonemets_assessment;
/** Changes that would alter an answer, or questions to ask next: immutable, shared between threads;
 * one of them frees it. @since 1.0 */
typedef struct bonemets_outlook bonemets_outlook;

/** Targets and columns that a cohort is evaluated with. One thread at a time. @since 1.0 */
typedef struct bonemets_batch bonemets_batch;

/** Structs of the Arrow C data interface; see <bonemets/arrow.h>, or bring your own. @since 1.0 */
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

/** Outcome of a call: #BONEMETS_OK or one of the BONEMETS_E_ codes. Treat a value that you do not
 * know as #BONEMETS_E_OTHER. @since 1.0 */
typedef int32_t bonemets_status;
/** Number of a fact within one guideline set, above 0; 0 means none. The same in every set of the
 * same #BONEMETS_F_DIGEST. A number carries a tag of 17 bits of that digest, so that a number of
 * another set is refused but for one in 131,071: a guard against a slip, not a proof. Whoever keeps
 * numbers keeps the digest with them. @since 1.0 */
typedef int32_t bonemets_fact;
/** Number of a record: 0 is the patient, the lesions (and the records of every other kind) count
 * from 1. @since 1.0 */
typedef int32_t bonemets_record;
/** Names what an accessor returns: one of the BONEMETS_F_ numbers. @since 1.0 */
typedef int32_t bonemets_field;

/** Status codes. Numbers are never reused. @since 1.0 */
enum {
    BONEMETS_OK = 0,         /**< done */
    BONEMETS_E_OTHER = 1,    /**< anything without a number of its own */
    BONEMETS_E_ARGUMENT = 2, /**< a NULL handle, a number out of range, a fact of another set */
    BONEMETS_E_MEMORY = 3,   /**< an allocation failed; nothing was changed */
    BONEMETS_E_LIMIT = 4,    /**< a limit of the loader or of the reader was passed */
    BONEMETS_E_IO = 5,       /**< a file or directory could not be read */
    BONEMETS_E_YAML = 6,     /**< the text is not the YAML that bonemets accepts */
    BONEMETS_E_RULE = 7,     /**< a guideline table was refused */
    BONEMETS_E_FACT = 8,     /**< there is no fact, kind of record or profile of that name */
    BONEMETS_E_TYPE = 9,     /**< the fact holds another type of value, or has no such option */
    BONEMETS_E_UNIT = 10,    /**< the unit is missing or is not one that the fact accepts */
    BONEMETS_E_RANGE = 11,   /**< the value lies outside the plausible range of the fact */
    BONEMETS_E_SPACE = 12    /**< the buffer is too small; `needed` says how much it takes */
};

/** Limits that bonemets_loader_set_limit() and bonemets_patient_set_limit() change. A depth above 200
 * is taken as 200. @since 1.0 */
enum {
    BONEMETS_LIMIT_BYTES = 1,  /**< bytes of one file; 1 MiB at first */
    BONEMETS_LIMIT_DEPTH = 2,  /**< depth of nesting; 16 at first */
    BONEMETS_LIMIT_SCALAR = 3, /**< bytes of one scalar; 64 KiB at first */
    BONEMETS_LIMIT_EVENTS = 4  /**< YAML events of one file; 100,000 at first */
};

/** Switches that bonemets_loader_set_option() turns on or off. @since 1.0 */
enum {
    BONEMETS_OPTION_UNVERIFIED = 1, /**< also load tables whose shipping status is `off` */
    BONEMETS_OPTION_RESTRICTED = 2  /**< also load tables whose form has an owner: `restricted` */
};

/** How sure a result, an item or a choice is. @since 1.0 */
enum {
    BONEMETS_UNKNOWN = 0,      /**< nothing is known about it */
    BONEMETS_PARTLY = 1,       /**< bounded, but not yet one value; a choice is provisional */
    BONEMETS_KNOWN = 2,        /**< exactly one value */
    BONEMETS_INAPPLICABLE = 3, /**< the table does not apply here, which is not the same as unknown */
    BONEMETS_NONE = 4          /**< a choice that certainly stays without an outcome */
};

/** Whether what a choice or list says is to be shown as advice. @since 1.0 */
enum {
    BONEMETS_COUNTS = 0,        /**< yes */
    BONEMETS_IGNORED = 1,       /**< no: another outcome of its table makes it void */
    BONEMETS_MAY_BE_IGNORED = 2 /**< it may turn out to be void, once more is known */
};

/** Severity of an entry of a #bonemets_error. @since 1.0 */
enum {
    BONEMETS_SEVERITY_ERROR = 1,   /**< something was refused */
    BONEMETS_SEVERITY_WARNING = 2, /**< accepted, worth knowing */
    BONEMETS_SEVERITY_NOTE = 3     /**< for information */
};

/** Lists of an assessment. @since 1.0 */
enum {
    BONEMETS_RESULTS = 1, /**< scores and equations */
    BONEMETS_CHOICES = 2, /**< outcomes of decision tables */
    BONEMETS_ADVICE = 3,  /**< rows that speak: things to do and warnings */
    BONEMETS_MISSING = 4, /**< facts that can still change something, the most urgent first */
    BONEMETS_ASSUMED = 5, /**< declared assumptions and silences that something rests on */
    BONEMETS_UNDECIDED = 6, /**< rows that wait for facts, or for a choice that is still open */
    BONEMETS_NOTES = 7, /**< notes of decision tables that apply: limits, conflicts, what to say */
    BONEMETS_DISAGREEMENTS = 8 /**< values and totals that were entered although the facts that they
                                    are derived from give something else; what was entered wins */
};

/** Lists within one entry of an assessment. @since 1.0 */
enum {
    BONEMETS_SUB_ITEMS = 1,    /**< of a result: its items with their points */
    BONEMETS_SUB_BANDS = 2,    /**< of a result: the bands still possible */
    BONEMETS_SUB_NOTES = 3,    /**< of a result: notes that apply, for example on a boundary */
    BONEMETS_SUB_MISSING = 4,  /**< of a result, choice or row: facts that can still change it */
    BONEMETS_SUB_POSSIBLE = 5, /**< of a choice: outcomes still possible */
    BONEMETS_SUB_FACTS = 6,    /**< of a choice or row: facts that made the row hold */
    BONEMETS_SUB_SOURCES = 7,  /**< of a result, choice or row: keys of its sources */
    BONEMETS_SUB_DO = 8,       /**< of advice: what to do */
    BONEMETS_SUB_WARN = 9,     /**< of advice: warnings */
    BONEMETS_SUB_ASSUMED = 10, /**< of a choice or row: facts whose silence it rests on */
    BONEMETS_SUB_ADD = 11,     /**< of advice: what it adds to further lists of its guideline */
    BONEMETS_SUB_ANSWERS = 14, /**< of a question: what can be answered */
    BONEMETS_SUB_DECIDES = 15, /**< of a question: what each answer decides that was open */
    BONEMETS_SUB_ENTERED = 16  /**< of a disagreement: the options that were entered; of a set the
                                    members that are present. None for a number. Beside it
                                    #BONEMETS_SUB_POSSIBLE: what the facts give, and
                                    #BONEMETS_SUB_FACTS: these facts */
};

/** Fields for the accessors. Text unless marked. @since 1.0 */
enum {
    BONEMETS_F_ID = 1,        /**< key of a fact, guideline, result, item, band or option */
    BONEMETS_F_MESSAGE = 2,   /**< what is wrong and what was expected */
    BONEMETS_F_FILE = 3,      /**< file or name that was given */
    BONEMETS_F_LINE = 4,      /**< int, from 1; -1 none */
    BONEMETS_F_COLUMN = 5,    /**< int, from 1; -1 none */
    BONEMETS_F_PATH = 6,      /**< key path within the file, such as `scores.sins.items.pain` */
    BONEMETS_F_VERSION = 7,   /**< version of the library */
    BONEMETS_F_DIGEST = 8,    /**< SHA-256 of the tables, 64 hexadecimal digits */
    BONEMETS_F_UNIT = 9,      /**< unit of the fact or result */
    BONEMETS_F_TYPE = 10,     /**< `code`, `flag`, `count`, `quantity`, `instant` or `set` */
    BONEMETS_F_STATE = 11,    /**< int: #BONEMETS_KNOWN and so on */
    BONEMETS_F_LOW = 12,      /**< number; of a result that nothing bounds -DBL_MAX, and its
                                   #BONEMETS_F_HIGH DBL_MAX */
    BONEMETS_F_HIGH = 13,     /**< number */
    BONEMETS_F_CODE = 14,     /**< the option or outcome as text */
    BONEMETS_F_LESION = 15,   /**< int: number of the record, 0 is the patient */
    BONEMETS_F_LABEL = 16,    /**< words for people */
    BONEMETS_F_BAND = 17,     /**< id of the band, NULL unless it is certain */
    BONEMETS_F_GUIDELINE = 18, /**< guideline that the entry comes from */
    BONEMETS_F_ROW = 19,      /**< id of the row */
    BONEMETS_F_URGENCY = 20,  /**< member of the scale of that name */
    BONEMETS_F_WITHIN_H = 21, /**< number of hours; negative when the row sets no limit */
    BONEMETS_F_STRENGTH = 22, /**< member of the scale of that name */
    BONEMETS_F_CERTAINTY = 23, /**< member of the scale of that name */
    BONEMETS_F_VERIFIED = 24, /**< how the content was verified */
    BONEMETS_F_BECAUSE = 25,  /**< reason in one sentence */
    BONEMETS_F_STATUS = 26,   /**< shipping status of a table: `on`, `warning`, `off` or `restricted`;
                                   int in an error: its #bonemets_status */
    BONEMETS_F_SEVERITY = 27, /**< int, of an error entry */
    BONEMETS_F_ABOUT = 28,    /**< kind of record: `patient`, `lesion`, … */
    BONEMETS_F_TITLE = 29,    /**< title of a guideline */
    BONEMETS_F_EDITION = 30,  /**< edition of a guideline */
    BONEMETS_F_POSSIBLE_URGENCY = 31, /**< highest urgency that is still possible */
    BONEMETS_F_POSSIBLE_WITHIN_H = 32, /**< number of hours; shortest limit still possible */
    BONEMETS_F_ENTERED = 33,  /**< int, of a result: 1 when its total was entered, which wins */
    BONEMETS_F_DERIVED_LOW = 34, /**< number: lowest total that the items allow */
    BONEMETS_F_DERIVED_HIGH = 35, /**< number: highest total that the items allow */
    BONEMETS_F_MAY_BE_NONE = 36,  /**< int, of a choice: 1 when it can still stay without outcome */
    BONEMETS_F_WITHIN_ROW = 37,   /**< row that sets the shortest limit */
    BONEMETS_F_ONLY_BANDS = 38,   /**< int, of a result: 1 when its number only orders the bands */
    BONEMETS_F_LIST = 39,         /**< of an entry of #BONEMETS_SUB_ADD: id of the list */
    BONEMETS_F_LEFT = 43,         /**< int, of a choice of hours or a row that speaks: is it known how much
                                       of its limit is left? #BONEMETS_KNOWN, #BONEMETS_PARTLY,
                                       #BONEMETS_UNKNOWN (nobody said when its clock started);
                                       #BONEMETS_INAPPLICABLE: it has no limit, or no clock */
    BONEMETS_F_LEFT_LOW_H = 44,   /**< number of hours left, at least; negative when overdue */
    BONEMETS_F_LEFT_HIGH_H = 45,  /**< number of hours left, at most */
    BONEMETS_F_DUE_LOW = 46,      /**< number: the instant at which the limit ends, at the earliest; 0
                                       when the present is not known. bonemets_instant_write() */
    BONEMETS_F_DUE_HIGH = 47,     /**< number: the same, at the latest */
    BONEMETS_F_LEFT_ROW = 48,     /**< row of the limit of which the least is left; NULL: of none it
                                       is known */
    BONEMETS_F_CONTRADICTED = 42, /**< of a result, choice or row: row of a guideline in the same
                                       assessment which says that facts behind it cannot all be true;
                                       NULL: none. Nothing is repaired */
    BONEMETS_F_OWNER = 50,        /**< of a guideline: who owns the form of the instrument */
    BONEMETS_F_TERMS = 51,        /**< of a guideline: on what terms it may be used */
    BONEMETS_F_COMMERCIAL = 52,   /**< of a guideline: `free`, `no_known_owner` or `ask_owner` */
    BONEMETS_F_PRECEDENCE = 41,   /**< int, of a choice or row: 1 goes before all others; 0 after those
                                       that have one. Entries stand in that order of their tables */
    BONEMETS_F_IGNORE = 49,       /**< int, of a choice, or an entry of #BONEMETS_SUB_ADD: does it
                                       count here? #BONEMETS_COUNTS, #BONEMETS_IGNORED: its tables say
                                       that it is not to be shown as advice, #BONEMETS_MAY_BE_IGNORED */
    BONEMETS_F_LIST_LABEL = 40,   /**< of an entry of #BONEMETS_SUB_ADD: label of the list */
    BONEMETS_F_SETTING = 70,      /**< int, of an outlook: 1 when the fact is a setting */
    BONEMETS_F_MEMBER = 71,       /**< of a change or answer: member of a set that it is about */
    BONEMETS_F_FROM = 72,         /**< of a change: option that the fact has now; of a set `present`,
                                       `absent` or `none`; NULL: not known, or a number */
    BONEMETS_F_FROM_LOW = 73,     /**< number: what the fact is now, or can be, at least */
    BONEMETS_F_FROM_HIGH = 74,    /**< number: and at most */
    BONEMETS_F_FROM_STATE = 75,   /**< int: #BONEMETS_KNOWN, #BONEMETS_PARTLY, #BONEMETS_UNKNOWN */
    BONEMETS_F_TO = 76,           /**< of a change or answer: option that the fact becomes; of a set
                                       `present`, `absent` or `none`; NULL: a number */
    BONEMETS_F_TO_LOW = 77,       /**< number: it becomes this, or one from this … */
    BONEMETS_F_TO_HIGH = 78,      /**< number: … to this */
    BONEMETS_F_SIZE = 79,         /**< number, of a change: 0 the least, 1 the whole range */
    BONEMETS_F_ANSWER = 80,       /**< int, of #BONEMETS_SUB_DECIDES: which answer decides it */
    BONEMETS_F_EXCLUDES = 81,     /**< number, of a question: outcomes that an answer excludes, on
                                       average over the answers */
    BONEMETS_F_EXCLUDES_LEAST = 82, /**< number: by the answer that excludes least */
    BONEMETS_F_EXCLUDES_MOST = 83,  /**< number: by the answer that excludes most */
    BONEMETS_F_OPEN = 84,         /**< number, of a question: outcomes and bands possible by now */
    BONEMETS_F_WAITING = 85       /**< int, of a question: rows and results that wait for it */
};

/** Formats of bonemets_assessment_write(); the first two are also those of bonemets_explain() and
 * bonemets_describe_facts(). @since 1.0 */
enum {
    BONEMETS_FORMAT_TEXT = 1, /**< for a person, at most 100 columns */
    BONEMETS_FORMAT_JSON = 2, /**< for a program; same input, same bytes */
    BONEMETS_FORMAT_MARKDOWN = 3, /**< an assessment as #BONEMETS_FORMAT_TEXT has it, in CommonMark
                                       with tables; what the tables and the record say is escaped */
    BONEMETS_FORMAT_FULL = 4  /**< an assessment as text with everything: items of scores, facts of
                                   each row, all questions, every work cited; at most 100 columns */
};

/** Switches that bonemets_batch_set_option() turns on or off. @since 1.0 */
enum {
    BONEMETS_BATCH_COUNT_BAD = 1, /**< a cell that is refused becomes unknown and is counted; off: it
                                       ends the run */
    BONEMETS_BATCH_SKIP_COLUMNS = 2, /**< columns that name no fact are passed over; off: refused */
    BONEMETS_BATCH_ITEMS = 3,  /**< the answer shows the items of each score */
    BONEMETS_BATCH_MISSING = 4 /**< the answer shows which facts could still change it */
};

/** Counts of bonemets_batch_int(). @since 1.0 */
enum {
    BONEMETS_BATCH_ROWS = 1,     /**< rows evaluated */
    BONEMETS_BATCH_COLUMNAR = 2, /**< of these, rows that were evaluated by columns; the others one by one */
    BONEMETS_BATCH_BAD_CELLS = 3 /**< cells that were refused and taken as unknown */
};

/** @name The running library
 * @{ */

/** Version of the running library: 1004002 is 1.4.2. That of this header is #BONEMETS_VERSION.
 * @since 1.0 */
BONEMETS_API int32_t bonemets_version(void);
/** 1 when the running library has a named feature, else 0: `embedded` (tables compiled in), the
 * formats `json`, `text`, `markdown` and `full`, `instants`, `links` between records, `batch` with
 * `arrow` (cohorts as columns), `what_if` and `questions` (outlooks).
 * @param feature name of the feature; NULL gives 0. @since 1.0 */
BONEMETS_API int32_t bonemets_has(const char *feature);
/** Short English name of a status, never NULL. @since 1.0 */
BONEMETS_API const char *bonemets_status_name(bonemets_status status);

/** @}
 * @name Errors
 * An error object is one fixed block: reporting never allocates. When it is full, further entries
 * are counted and the last entry says how many were left out.
 * @{ */

/** A new, empty error object, or NULL when there is no memory. It is of malloc, as there may be no
 * loader yet.
 * @return owned by the caller; free with bonemets_error_free(). @since 1.0 */
BONEMETS_API bonemets_error *bonemets_error_new(void);
/** Frees an error object; NULL is allowed. @since 1.0 */
BONEMETS_API void bonemets_error_free(bonemets_error *err);
/** Removes all entries. @since 1.0 */
BONEMETS_API void bonemets_error_clear(bonemets_error *err);
/** Number of entries of all severities; 0 for NULL. @since 1.0 */
BONEMETS_API int32_t bonemets_error_count(const bonemets_error *err);
/** Text of an entry: #BONEMETS_F_MESSAGE, #BONEMETS_F_FILE or #BONEMETS_F_PATH.
 * @return lent until the entry is cleared; NULL when there is none. @since 1.0 */
BONEMETS_API const char *bonemets_error_str(const bonemets_error *err, int32_t i,
                                            bonemets_field field);
/** Number of an entry: #BONEMETS_F_LINE, #BONEMETS_F_COLUMN, #BONEMETS_F_STATUS or
 * #BONEMETS_F_SEVERITY. @return -1 when there is none. @since 1.0 */
BONEMETS_API int32_t bonemets_error_int(const bonemets_error *err, int32_t i,
                                        bonemets_field field);

/** @}
 * @name Loading guidelines
 * @{ */

/** Allocates, resizes and frees: `new_size` 0 frees and returns NULL; `ptr` NULL allocates. A
 * resize that fails returns NULL and leaves the block as it was. A block must be aligned as malloc
 * aligns. It may be called from any thread that uses an object that came of the loader, and as long
 * as one of them lives, arrays, schemas and streams that were given to others included; `ctx` has
 * to live so long. Like every function that is called back from here it must not leave by an
 * exception or longjmp(). @since 1.0 */
typedef void *(*bonemets_alloc)(void *ctx, void *ptr, size_t old_size, size_t new_size);

/** A new loader.
 * @param alloc serves the loader and all that comes of it; NULL means malloc and free. While files
 * are read, the YAML parser and the C library's streams take memory of their own from malloc, and
 * give it back before the call returns.
 * @param ctx is passed to every call of alloc.
 * @param out receives the loader, owned by the caller.
 * @return #BONEMETS_OK, #BONEMETS_E_ARGUMENT, #BONEMETS_E_MEMORY. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_new(bonemets_alloc alloc, void *ctx,
                                                 bonemets_loader **out);
/** Frees a loader; NULL is allowed. Sets that it has built live on. @since 1.0 */
BONEMETS_API void bonemets_loader_free(bonemets_loader *loader);
/** Changes a limit (BONEMETS_LIMIT_…) for the tables added afterwards; an option counts for the build
 * instead.
 * @param value above 0. @return #BONEMETS_OK or #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_set_limit(bonemets_loader *loader, int32_t limit,
                                                       int64_t value);
/** Turns an option (BONEMETS_OPTION_…) on (1) or off (0) for the sets built afterwards, whenever their
 * tables were added.
 * @return #BONEMETS_OK or #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_set_option(bonemets_loader *loader, int32_t option,
                                                        int32_t value);
/** Adds one file, or every `.yaml` file below a directory in the order of their paths. The bytes are
 * only taken here; what is wrong with them is reported by bonemets_loader_build().
 * @return #BONEMETS_OK, #BONEMETS_E_IO (also for a directory without tables), #BONEMETS_E_LIMIT (a
 * file above the limit), #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. Unless OK nothing is added.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_add_path(bonemets_loader *loader, const char *path,
                                                      bonemets_error *err);
/** Adds a table from memory, which may be freed afterwards.
 * @param name stands in messages where a file name would.
 * @return #BONEMETS_OK, #BONEMETS_E_LIMIT, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_add_memory(bonemets_loader *loader, const char *name,
                                                        const void *yaml, size_t size,
                                                        bonemets_error *err);
/** Adds the tables that are compiled into the library.
 * @param id one guideline, with the whole vocabulary; NULL adds all.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such guideline), #BONEMETS_E_MEMORY,
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_add_embedded(bonemets_loader *loader, const char *id,
                                                          bonemets_error *err);
/** Reads and verifies everything that was added and builds a set of it. All errors of all files are
 * reported, not the first alone; warnings too, also when it succeeds. The loader can go on
 * afterwards.
 * @param out receives the set with one reference, owned by the caller.
 * @return #BONEMETS_OK, #BONEMETS_E_YAML, #BONEMETS_E_RULE, #BONEMETS_E_LIMIT, #BONEMETS_E_MEMORY,
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_loader_build(bonemets_loader *loader,
                                                   bonemets_guidelines **out,
                                                   bonemets_error *err);

/** @}
 * @name Guideline sets
 * @{ */

/** Adds a reference. Any thread. @return the same set. @since 1.0 */
BONEMETS_API bonemets_guidelines *bonemets_guidelines_ref(bonemets_guidelines *set);
/** Drops a reference and frees the set with the last one. Any thread; NULL is allowed. @since 1.0 */
BONEMETS_API void bonemets_guidelines_unref(bonemets_guidelines *set);
/** #BONEMETS_F_DIGEST of the set. @return lent; NULL for another field. @since 1.0 */
BONEMETS_API const char *bonemets_guidelines_str(const bonemets_guidelines *set,
                                                 bonemets_field field);
/** Number of guidelines in the set. @since 1.0 */
BONEMETS_API int32_t bonemets_guideline_count(const bonemets_guidelines *set);
/** Text about guideline i, from 0: #BONEMETS_F_ID, #BONEMETS_F_TITLE, #BONEMETS_F_EDITION,
 * #BONEMETS_F_STATUS, #BONEMETS_F_VERIFIED, #BONEMETS_F_ABOUT, #BONEMETS_F_OWNER, #BONEMETS_F_TERMS,
 * #BONEMETS_F_COMMERCIAL. @return lent, or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_guideline_str(const bonemets_guidelines *set, int32_t i,
                                                bonemets_field field);
/** Number of facts in the vocabulary of the set. @since 1.0 */
BONEMETS_API int32_t bonemets_fact_count(const bonemets_guidelines *set);
/** Fact i, from 0; 0 when there is none. @since 1.0 */
BONEMETS_API bonemets_fact bonemets_fact_at(const bonemets_guidelines *set, int32_t i);
/** The fact of that key; 0 when there is none. @since 1.0 */
BONEMETS_API bonemets_fact bonemets_fact_find(const bonemets_guidelines *set, const char *key);
/** Text about a fact: #BONEMETS_F_ID, #BONEMETS_F_LABEL, #BONEMETS_F_TYPE, #BONEMETS_F_UNIT,
 * #BONEMETS_F_ABOUT. @return lent, or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_fact_str(const bonemets_guidelines *set, bonemets_fact fact,
                                           bonemets_field field);
/** Lowest (#BONEMETS_F_LOW) or highest (#BONEMETS_F_HIGH) plausible value of a number, in the unit
 * of the fact. @return 0 for a fact that is not a number. @since 1.0 */
BONEMETS_API double bonemets_fact_num(const bonemets_guidelines *set, bonemets_fact fact,
                                      bonemets_field field);
/** Number of options of a code, flag or set. @since 1.0 */
BONEMETS_API int32_t bonemets_fact_option_count(const bonemets_guidelines *set,
                                                bonemets_fact fact);
/** Option i, from 0: #BONEMETS_F_ID or #BONEMETS_F_LABEL. @return lent, or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_fact_option_str(const bonemets_guidelines *set,
                                                  bonemets_fact fact, int32_t i,
                                                  bonemets_field field);
/** Runs the worked examples of every guideline of the set and reports each failure; besides, as a
 * note, each row that no example makes speak, and as a warning one of which loading has not found
 * either that it can.
 * @param passed receives how many passed; may be NULL.
 * @param failed receives how many failed; may be NULL.
 * @return #BONEMETS_OK when none failed, else #BONEMETS_E_RULE or #BONEMETS_E_MEMORY. @since 1.0 */
BONEMETS_API bonemets_status bonemets_guidelines_run_examples(bonemets_guidelines *set,
                                                              int32_t *passed, int32_t *failed,
                                                              bonemets_error *err);
/** Writes the table of a guideline as a person reads it (#BONEMETS_FORMAT_TEXT), with its sources
 * and marks of verification; or a fact, with its options, units and who reads it; or a row or note
 * with its sources; or what a key of a source stands for, and which guidelines use it.
 * @param id of a guideline, of a score, equation or choice (its guideline is written), of a fact, of
 * a row, of a note or of a source; NULL writes the list of all guidelines.
 * @param buf receives text and NUL; may be NULL when size is 0.
 * @param needed receives the bytes needed, NUL included; may be NULL.
 * @return #BONEMETS_OK, #BONEMETS_E_SPACE, #BONEMETS_E_FACT (no such id), #BONEMETS_E_ARGUMENT.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_explain(const bonemets_guidelines *set, const char *id,
                                              int32_t format, char *buf, size_t size,
                                              size_t *needed);
/** Writes the vocabulary, or one fact of it, as text or JSON. Parameters as bonemets_explain().
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_describe_facts(const bonemets_guidelines *set,
                                                     const char *key, int32_t format, char *buf,
                                                     size_t size, size_t *needed);

/** @}
 * @name Patients
 * A fact that nobody has set is unknown. A fact of a lesion may be set for record 0: it then holds
 * for every lesion that does not state its own.
 * @{ */

/** A new patient about whom nothing is known. It keeps the set alive.
 * @return #BONEMETS_OK, #BONEMETS_E_ARGUMENT, #BONEMETS_E_MEMORY. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_new(bonemets_guidelines *set,
                                                  bonemets_patient **out);
/** Frees a patient; NULL is allowed. @since 1.0 */
BONEMETS_API void bonemets_patient_free(bonemets_patient *patient);
/** Forgets all facts and records; settings return to their defaults. Cheaper than a new patient.
 * @since 1.0 */
BONEMETS_API void bonemets_patient_reset(bonemets_patient *patient);
/** Adds a record about which nothing is known.
 * @param kind name of the kind, such as `lesion`.
 * @param out receives its number, from 1 within its kind.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such kind), #BONEMETS_E_LIMIT (more than 1,000),
 * #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_add_record(bonemets_patient *patient,
                                                         const char *kind, bonemets_record *out);
/** Says that there are no records of a kind, which is not the same as not knowing of any: as an
 * empty list in a record that is read.
 * @param kind name of the kind, such as `lesion`.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such kind), #BONEMETS_E_RANGE (there are some already),
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_none(bonemets_patient *patient, const char *kind);
/** Sets a count or quantity. `low` equal to `high` is a known value, otherwise a range.
 * @param unit one that the fact accepts; a quantity needs it, a count takes NULL or "1".
 * @return #BONEMETS_OK, #BONEMETS_E_TYPE, #BONEMETS_E_UNIT, #BONEMETS_E_RANGE (also for NaN and
 * for low above high), #BONEMETS_E_ARGUMENT. The patient is unchanged unless OK. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_number(bonemets_patient *patient,
                                                         bonemets_record record,
                                                         bonemets_fact fact, double low,
                                                         double high, const char *unit,
                                                         bonemets_error *err);
/** Sets a code or flag to one option (n = 1) or to one of several (n above 1). The options of a
 * flag are `no` and `yes`.
 * @return #BONEMETS_OK, #BONEMETS_E_TYPE (also for an unknown option, and for one that stands
 * twice), #BONEMETS_E_ARGUMENT.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_codes(bonemets_patient *patient,
                                                        bonemets_record record,
                                                        bonemets_fact fact,
                                                        const char *const *codes, int32_t n,
                                                        bonemets_error *err);
/** Sets a set of codes: the members that are present and those about which nothing is known; all
 * others are absent. Both lists empty means assessed, none.
 * @return as bonemets_patient_set_codes(). @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_members(bonemets_patient *patient,
                                                          bonemets_record record,
                                                          bonemets_fact fact,
                                                          const char *const *present,
                                                          int32_t n_present,
                                                          const char *const *unknown,
                                                          int32_t n_unknown, bonemets_error *err);
/** Sets an instant, such as `2026-11-21T08:00` (seconds may follow). A date alone is any moment of
 * that day. There are no time zones: all instants of a patient are read off one clock, and where the
 * clocks change between two of them, off one that does not, such as UTC. As a number
 * (bonemets_patient_set_number()) an instant counts the seconds, unit `s`, since 1970-01-01T00:00.
 * @param from the earliest that it can be. @param to the latest; NULL: as `from`.
 * @return #BONEMETS_OK, #BONEMETS_E_TYPE (also for a text that is no instant), #BONEMETS_E_RANGE,
 * #BONEMETS_E_ARGUMENT. The patient is unchanged unless OK. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_instant(bonemets_patient *patient,
                                                          bonemets_record record,
                                                          bonemets_fact fact, const char *from,
                                                          const char *to, bonemets_error *err);
/** Sets the instant at which the answer is asked for: the fact that the vocabulary marks as `now`.
 * From it and from when a limit started to run follow the hours that are left of it.
 * @return as bonemets_patient_set_instant(); #BONEMETS_E_FACT when the vocabulary marks none.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_now(bonemets_patient *patient, const char *now,
                                                      bonemets_error *err);
/** Writes an instant (#BONEMETS_F_DUE_LOW and so on) as text, such as `2026-11-22T08:00`.
 * @param seconds since 1970-01-01T00:00. @param buf receives text and NUL; may be NULL when size is
 * 0. @param needed receives the bytes needed, NUL included; may be NULL.
 * @return #BONEMETS_OK, #BONEMETS_E_SPACE, #BONEMETS_E_RANGE (before the year 1, after 9999, NaN),
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_instant_write(double seconds, char *buf, size_t size,
                                                    size_t *needed);
/** Makes a fact unknown again. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_unknown(bonemets_patient *patient,
                                                          bonemets_record record,
                                                          bonemets_fact fact);
/** Picks a profile, such as `dutch_2015`: sets the setting that has this option.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such profile; the known ones are reported),
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_profile(bonemets_patient *patient,
                                                          const char *profile,
                                                          bonemets_error *err);
/** Changes a limit (BONEMETS_LIMIT_…) for the records read afterwards; at first they are those of a
 * loader. bonemets_patient_reset() leaves it.
 * @param value above 0. @return #BONEMETS_OK or #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_set_limit(bonemets_patient *patient, int32_t limit,
                                                        int64_t value);
/** Reads a patient record, YAML or JSON, into a patient that was reset before.
 * @param name stands in messages where a file name would.
 * @return #BONEMETS_OK, or the first error's status; all errors are reported and the patient is
 * then left reset. @since 1.0 */
BONEMETS_API bonemets_status bonemets_patient_read(bonemets_patient *patient, const char *name,
                                                   const void *text, size_t size,
                                                   bonemets_error *err);

/** @}
 * @name Assessments
 * @{ */

/** Evaluates a patient. Missing facts are an answer, not an error.
 * @param target id of one guideline; NULL assesses all.
 * @param out receives the assessment with one reference, owned by the caller.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such guideline), #BONEMETS_E_LIMIT (too many
 * records for one assessment), #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_assess(const bonemets_patient *patient, const char *target,
                                             bonemets_assessment **out, bonemets_error *err);
/** Adds a reference. Any thread. @since 1.0 */
BONEMETS_API bonemets_assessment *bonemets_assessment_ref(bonemets_assessment *result);
/** Drops a reference, frees with the last one. Any thread; NULL is allowed. @since 1.0 */
BONEMETS_API void bonemets_assessment_unref(bonemets_assessment *result);
/** Number of entries of a list (BONEMETS_RESULTS, …). @since 1.0 */
BONEMETS_API int32_t bonemets_assessment_count(const bonemets_assessment *result, int32_t list);
/** Position of an entry by its id (of a result or choice; of advice by its row) and record. Where
 * several guidelines have a choice of that name, `GUIDELINE.CHOICE` says which.
 * @return -1 when there is none. @since 1.0 */
BONEMETS_API int32_t bonemets_assessment_find(const bonemets_assessment *result, int32_t list,
                                              const char *id, bonemets_record record);
/** Text of an entry. @return lent; NULL when the entry has no such field. @since 1.0 */
BONEMETS_API const char *bonemets_assessment_str(const bonemets_assessment *result, int32_t list,
                                                 int32_t i, bonemets_field field);
/** Integer of an entry. @return -1 when the entry has no such field. @since 1.0 */
BONEMETS_API int32_t bonemets_assessment_int(const bonemets_assessment *result, int32_t list,
                                             int32_t i, bonemets_field field);
/** Number of an entry. @return 0 when the entry has no such field. 0 can also be a number: whether it is
 * one tells #BONEMETS_F_STATE (#BONEMETS_F_LEFT where it is about a limit). @since 1.0 */
BONEMETS_API double bonemets_assessment_num(const bonemets_assessment *result, int32_t list,
                                            int32_t i, bonemets_field field);
/** Number of entries of a list within an entry (BONEMETS_SUB_…). @since 1.0 */
BONEMETS_API int32_t bonemets_assessment_sub_count(const bonemets_assessment *result,
                                                   int32_t list, int32_t i, int32_t sub);
/** Text of entry j of a list within entry i. @return lent, or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_assessment_sub_str(const bonemets_assessment *result,
                                                     int32_t list, int32_t i, int32_t sub,
                                                     int32_t j, bonemets_field field);
/** Integer of entry j of a list within entry i. @return -1 when there is none. @since 1.0 */
BONEMETS_API int32_t bonemets_assessment_sub_int(const bonemets_assessment *result, int32_t list,
                                                 int32_t i, int32_t sub, int32_t j,
                                                 bonemets_field field);
/** Number of entry j of a list within entry i. @return 0 when there is none. @since 1.0 */
BONEMETS_API double bonemets_assessment_sub_num(const bonemets_assessment *result, int32_t list,
                                                int32_t i, int32_t sub, int32_t j,
                                                bonemets_field field);
/** Most urgent of the rows that hold (#BONEMETS_F_URGENCY), the row that says so
 * (#BONEMETS_F_ROW), the row of the shortest limit (#BONEMETS_F_WITHIN_ROW), and the highest urgency that is still possible
 * (#BONEMETS_F_POSSIBLE_URGENCY). Also the row of the limit of which the least time is left
 * (#BONEMETS_F_LEFT_ROW). @return lent; NULL when no row holds. @since 1.0 */
BONEMETS_API const char *bonemets_assessment_overall_str(const bonemets_assessment *result,
                                                         bonemets_field field);
/** Shortest limit of the rows that hold (#BONEMETS_F_WITHIN_H) or that are still possible
 * (#BONEMETS_F_POSSIBLE_WITHIN_H), in hours. @return negative when there is none. Where there is a
 * #BONEMETS_F_LEFT_ROW, also what is left of its limit (#BONEMETS_F_LEFT_LOW_H and so on, or 0).
 * @since 1.0 */
BONEMETS_API double bonemets_assessment_overall_num(const bonemets_assessment *result,
                                                    bonemets_field field);
/** Writes the assessment in a BONEMETS_FORMAT_: what a clinician reads first comes first. Parameters
 * and statuses as bonemets_explain(). @since 1.0 */
BONEMETS_API bonemets_status bonemets_assessment_write(const bonemets_assessment *result,
                                                       int32_t format, char *buf, size_t size,
                                                       size_t *needed);

/** @}
 * @name Cohorts
 * Many patients as columns, one a row, in the Arrow C data interface: what a table tells about each
 * row is what bonemets_assess() tells about a patient with these facts. A null is an unknown fact, and
 * so is an empty text. Rows go through the tables by columns.
 *
 * Records of a kind (lesions, say) come in one of two ways. As columns of their facts: then a row has
 * one such record when any of these columns is not null, else nothing is known about records of that
 * kind. Or as one column of lists (list or large list) of structs, called as the list in a patient
 * record (`lesions`, `rt_courses`, `drugs`, `events`): then a row has as many as its list. An empty
 * list says that there is none, a null one nothing, and a null struct is a record of which nothing is
 * known. More records than a patient can have, or than bonemets_assess() takes, are a cell that is
 * refused. The columns within are called and read as those of rows are; bonemets_batch_map() and
 * messages call them `lesions.level`, and what is about a cell `lesions[2].level`. A link
 * (`rt_lesion`) names records of such lists by their numbers, from 1: an integer, or a list of them.
 * Rows with lists are evaluated one by one.
 *
 * A column is called as its fact: `level`; with a unit behind, `creatinine [umol/L]`, where the
 * fact is a quantity; or, for a column of booleans, as a member of a set: `neuro_features.falls`
 * (members without a column are unknown). Other names are given their fact by
 * bonemets_batch_map(), or in the metadata of the column, keys `bonemets.fact` and `bonemets.unit`; a
 * column of lists of records says what it holds by the key `bonemets.records`.
 * Accepted are booleans, integers of 8 to 64 bits, float, double, utf8, large utf8, utf8 views,
 * dictionaries of these three, lists of all these texts (for sets), timestamps without a time zone
 * (for instants), dates (for instants: any moment of that day, as of a date in a text), decimals of
 * 32 to 256 bits (for numbers: the nearest double), and the null type. Text is read
 * as in a patient record: `40 %`, `<0.3 mg/dL`; a number takes the unit of its column; the members of
 * a set are parted by semicolons, `none` is none. Buffers need not be aligned.
 *
 * The answer has for each score or equation `ID.low` and `ID.high` (double; as BONEMETS_F_LOW and
 * BONEMETS_F_HIGH, null where it does not apply, absent where the number only orders the bands),
 * `ID.state` (`unknown`, `partly`, `known`, `not_applicable`) and `ID.band` (null unless certain;
 * where the state is `partly` it is certain if the score applies, and it may not, even where low
 * and high are one); for each choice `GUIDELINE.ID.state` (`known`, `provisional`, `none`),
 * `GUIDELINE.ID.code` (null unless known) and `GUIDELINE.ID.provisional` (what the rows decided so
 * far give while it is open); for each of them `.assumed`: does it rest on a declared assumption or
 * on silence (`no`, `yes`; what a table takes for the usual case and tells in a note is none of
 * these). Texts are dictionaries. What is about records that come in lists is a list too, with one
 * for each record in the order given, null where their list is null or was refused. The metadata of
 * the schema hold `bonemets.digest` and `bonemets.version`.
 *
 * On request there is more. The columns that bonemets_batch_keep() names stand first. Behind the
 * columns of a score stand, with #BONEMETS_BATCH_ITEMS, for each of its items `ID.items.ITEM.low`
 * and `ID.items.ITEM.high` (double; as BONEMETS_F_LOW and BONEMETS_F_HIGH of #BONEMETS_SUB_ITEMS,
 * null where the score does not apply). Behind the columns of any target stands, with
 * #BONEMETS_BATCH_MISSING, `ID.missing`, a list of texts: the facts of #BONEMETS_SUB_MISSING, in
 * that order, each once, also where it is missing of several records; empty where the answer is
 * certain, null where it does not apply.
 * @{ */

/** Prepares to evaluate cohorts for some targets. It keeps the set alive.
 * @param targets ids of scores, equations and choices (`sins`, `spine_selection.strategy`), of
 * guidelines (all their results and choices), or `*` (all of the set).
 * @param n how many, at least 1.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (no such id, or several), #BONEMETS_E_MEMORY,
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_new(bonemets_guidelines *set,
                                                const char *const *targets, int32_t n,
                                                bonemets_batch **out, bonemets_error *err);
/** Frees a batch; NULL is allowed. Arrays and streams that it gave out live on. @since 1.0 */
BONEMETS_API void bonemets_batch_free(bonemets_batch *batch);
/** Turns an option (BONEMETS_BATCH_COUNT_BAD, …) on (1) or off (0). When what the answer shows changes
 * (#BONEMETS_BATCH_ITEMS, #BONEMETS_BATCH_MISSING), the schema that was bound is forgotten with all
 * that was lent about its columns, and counts start again from 0. With #BONEMETS_BATCH_MISSING rows
 * with an answer that is not certain are evaluated one by one.
 * @return #BONEMETS_OK, #BONEMETS_E_MEMORY (nothing is changed) or #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_set_option(bonemets_batch *batch, int32_t option,
                                                       int32_t value);
/** The same profile for all rows, as bonemets_patient_set_profile(). A column of the setting wins
 * where it is not null. Unless it fails, the schema that was bound is forgotten with all that was
 * lent about its columns, and counts start again from 0: set it before the schema is bound.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_set_profile(bonemets_batch *batch, const char *profile,
                                                        bonemets_error *err);
/** Says which fact a column holds, for the schemas that are bound afterwards. What was said last
 * about a column counts. A schema without a column that is mapped to a fact is refused.
 * @param column name of the column.
 * @param fact key of a fact, or `set.member`, or of a list of records; NULL: the column is passed over.
 * @param unit unit of its numbers; NULL: none.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT, #BONEMETS_E_TYPE, #BONEMETS_E_UNIT, #BONEMETS_E_MEMORY,
 * #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_map(bonemets_batch *batch, const char *column,
                                                const char *fact, const char *unit,
                                                bonemets_error *err);
/** Copies a column to the answer as it is, under its own name: an identifier of the row, say. Columns
 * that are kept stand first, in the order of these calls; said twice counts once. It holds for the
 * schemas that are bound afterwards. A kept column that names a fact is one too, unless it is
 * mapped to none; one that names no fact is not refused. Kept are truth values, numbers, decimals,
 * dates, times, instants, durations, texts and bytes, and dictionaries of these; texts in views come
 * out as large utf8, all others as the type that they are, with their metadata.
 * @return #BONEMETS_OK, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_keep(bonemets_batch *batch, const char *column,
                                                 bonemets_error *err);
/** Takes the columns of a schema: a struct with a child for each column. All that is wrong with it
 * is reported. Counts start again from 0. Whether it succeeds or not, the schema that was bound
 * before is forgotten.
 * @param in lent for the call.
 * @return #BONEMETS_OK, #BONEMETS_E_FACT (a column that names no fact, or is mapped or kept but not
 * there), #BONEMETS_E_TYPE (a column of another type than its fact, the same fact twice, facts of
 * records that come in lists too, or a column
 * that cannot be kept: a list or a record, one of several of that name, or called as one of the
 * answer), #BONEMETS_E_UNIT, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_bind(bonemets_batch *batch,
                                                 const struct ArrowSchema *in,
                                                 bonemets_error *err);
/** The schema of the answers. Before a schema is bound it is that of rows without lists of records.
 * @param out receives it; the caller releases it. Its release is NULL unless OK.
 * @return #BONEMETS_OK, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT (also when columns are to be kept and
 * no schema is bound). @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_schema(const bonemets_batch *batch,
                                                   struct ArrowSchema *out);
/** Evaluates the rows of an array of the schema that was bound. Errors about a cell name the column
 * (#BONEMETS_F_PATH) and the row (#BONEMETS_F_LINE, from 1). With #BONEMETS_BATCH_COUNT_BAD the first
 * cells of each column that are refused, up to 20 since the schema was bound, are named so by
 * warnings, as far as the list has room; counts tell how many there were.
 * @param in lent for the call; never released here.
 * @param out receives a struct array with as many rows; the caller releases it. Its release is NULL
 * unless OK.
 * @return #BONEMETS_OK, #BONEMETS_E_TYPE, #BONEMETS_E_UNIT, #BONEMETS_E_RANGE (a cell was refused),
 * #BONEMETS_E_ARGUMENT (also for an array that is not of the schema, and when none is bound),
 * #BONEMETS_E_MEMORY. @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_run(bonemets_batch *batch,
                                                const struct ArrowArray *in,
                                                struct ArrowArray *out, bonemets_error *err);
/** Binds the schema of a stream and gives a stream of answers, one array for each that comes in.
 * Rows are numbered over the whole stream. The batch may be freed before the stream; until then
 * neither it nor the other stream is to be used.
 * @param in taken over when OK (its release is then NULL), otherwise left to the caller.
 * @param out receives the stream; the caller releases it. Its release is NULL unless OK.
 * @return as bonemets_batch_bind(); #BONEMETS_E_IO when the stream has no schema to give.
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_batch_stream(bonemets_batch *batch,
                                                   struct ArrowArrayStream *in,
                                                   struct ArrowArrayStream *out,
                                                   bonemets_error *err);
/** A count since the last bind: #BONEMETS_BATCH_ROWS, … Of an array that was refused nothing is
 * counted. @return -1 for another. @since 1.0 */
BONEMETS_API int64_t bonemets_batch_int(const bonemets_batch *batch, int32_t count);
/** Number of columns of the schema that was bound; behind them stand those within lists of records.
 * @since 1.0 */
BONEMETS_API int32_t bonemets_batch_column_count(const bonemets_batch *batch);
/** Text about column i, from 0: #BONEMETS_F_LABEL (its name), #BONEMETS_F_ID (its fact or list of
 * records, NULL when it is passed over), #BONEMETS_F_UNIT. @return lent until the next bonemets_batch_bind(), bonemets_batch_stream() or
 * bonemets_batch_set_profile(), or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_batch_column_str(const bonemets_batch *batch, int32_t i,
                                                   bonemets_field field);
/** How many cells of column i were refused for this reason, such as #BONEMETS_E_RANGE;
 * #BONEMETS_OK: for any. @return -1 when there is no such column. @since 1.0 */
BONEMETS_API int64_t bonemets_batch_column_bad(const bonemets_batch *batch, int32_t i,
                                               bonemets_status reason);

/** @}
 * @name What if, and what to ask next
 * An outlook lists either changes of single facts that would alter an answer, or facts to find out
 * with what each answer would decide. It evaluates the patient once for every change or answer, so
 * it takes as long as many assessments; nothing else pays for it.
 * @{ */

/** The changes of single facts that would alter one result or choice: its total, band or outcome,
 * or what is still possible of them. Of a code every other option is tried, of a set every member,
 * of a number that is known the nearest on either side that alters something, and the nearest that
 * alters the band or outcome; of an unknown number each stretch that makes a difference. The
 * smallest changes come first. Settings are tried as well, and marked. Values that follow from known
 * facts are left to these facts. Every number alters an equation: one that is known is moved by one
 * step, of one that is not both ends are shown.
 * @param list #BONEMETS_RESULTS or #BONEMETS_CHOICES. @param i entry of that list.
 * @param out receives the outlook, owned by the caller. It keeps the assessment alive. Each entry
 * tells the fact (#BONEMETS_F_ID, #BONEMETS_F_LABEL, #BONEMETS_F_UNIT, #BONEMETS_F_ABOUT,
 * #BONEMETS_F_LESION, #BONEMETS_F_SETTING), what it is now (BONEMETS_F_FROM…), what it becomes
 * (#BONEMETS_F_MEMBER, BONEMETS_F_TO…, #BONEMETS_F_SIZE), and what becomes of the result or choice
 * (#BONEMETS_F_STATE, #BONEMETS_F_LOW, #BONEMETS_F_HIGH, #BONEMETS_F_BAND, #BONEMETS_F_CODE,
 * #BONEMETS_SUB_BANDS, #BONEMETS_SUB_POSSIBLE).
 * @return #BONEMETS_OK, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_what_if(const bonemets_assessment *result, int32_t list,
                                              int32_t i, bonemets_outlook **out,
                                              bonemets_error *err);
/** What to find out next: missing facts, the most urgent first, of these first those that exclude
 * most. Looked at are the first 2 * `most` of #BONEMETS_MISSING.
 * @param most how many are wanted at most, above 0.
 * @param out receives the outlook, owned by the caller. It keeps the assessment alive. Each entry
 * tells the fact (as of bonemets_what_if()), #BONEMETS_F_URGENCY, the most urgent row that waits for
 * it (#BONEMETS_F_ROW, #BONEMETS_F_GUIDELINE, #BONEMETS_F_BECAUSE), #BONEMETS_F_WAITING,
 * #BONEMETS_F_EXCLUDES and so on, the answers (#BONEMETS_SUB_ANSWERS: #BONEMETS_F_MEMBER,
 * BONEMETS_F_TO…) and what they decide (#BONEMETS_SUB_DECIDES: #BONEMETS_F_ANSWER, then a choice, a
 * result, or a row of advice that speaks: #BONEMETS_F_ID, #BONEMETS_F_GUIDELINE,
 * #BONEMETS_F_LESION, #BONEMETS_F_LABEL, #BONEMETS_F_STATE, #BONEMETS_F_CODE, #BONEMETS_F_BAND,
 * #BONEMETS_F_LOW, #BONEMETS_F_HIGH, #BONEMETS_F_ROW, #BONEMETS_F_URGENCY, #BONEMETS_F_BECAUSE).
 * @return #BONEMETS_OK, #BONEMETS_E_MEMORY, #BONEMETS_E_ARGUMENT. @since 1.0 */
BONEMETS_API bonemets_status bonemets_next_questions(const bonemets_assessment *result,
                                                     int32_t most, bonemets_outlook **out,
                                                     bonemets_error *err);
/** Frees an outlook; NULL is allowed. @since 1.0 */
BONEMETS_API void bonemets_outlook_free(bonemets_outlook *outlook);
/** Number of changes or questions. @since 1.0 */
BONEMETS_API int32_t bonemets_outlook_count(const bonemets_outlook *outlook);
/** Text of an entry. @return lent; NULL when the entry has no such field. @since 1.0 */
BONEMETS_API const char *bonemets_outlook_str(const bonemets_outlook *outlook, int32_t i,
                                              bonemets_field field);
/** Integer of an entry. @return -1 when the entry has no such field. @since 1.0 */
BONEMETS_API int32_t bonemets_outlook_int(const bonemets_outlook *outlook, int32_t i,
                                          bonemets_field field);
/** Number of an entry. @return 0 when the entry has no such field. @since 1.0 */
BONEMETS_API double bonemets_outlook_num(const bonemets_outlook *outlook, int32_t i,
                                         bonemets_field field);
/** Number of entries of a list within an entry (BONEMETS_SUB_…). @since 1.0 */
BONEMETS_API int32_t bonemets_outlook_sub_count(const bonemets_outlook *outlook, int32_t i,
                                                int32_t sub);
/** Text of entry j of a list within entry i. @return lent, or NULL. @since 1.0 */
BONEMETS_API const char *bonemets_outlook_sub_str(const bonemets_outlook *outlook, int32_t i,
                                                  int32_t sub, int32_t j, bonemets_field field);
/** Integer of entry j of a list within entry i. @return -1 when there is none. @since 1.0 */
BONEMETS_API int32_t bonemets_outlook_sub_int(const bonemets_outlook *outlook, int32_t i,
                                              int32_t sub, int32_t j, bonemets_field field);
/** Number of entry j of a list within entry i. @return 0 when there is none. @since 1.0 */
BONEMETS_API double bonemets_outlook_sub_num(const bonemets_outlook *outlook, int32_t i,
                                             int32_t sub, int32_t j, bonemets_field field);
/** Writes an outlook in a BONEMETS_FORMAT_. Parameters and statuses as bonemets_explain().
 * @since 1.0 */
BONEMETS_API bonemets_status bonemets_outlook_write(const bonemets_outlook *outlook,
                                                    int32_t format, char *buf, size_t size,
                                                    size_t *needed);
/** @} */

#ifdef __cplusplus
}
#endif
#endif
