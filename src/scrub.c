/* scrub.c: the echo scrub, a filter over any bytes. Text comes into a buffer; the filter (scrub_skip.c) and the readers
 * (scrub_read.c) say what is covered by a form of a secret and up to where nothing can begin any more; up to there the
 * text goes out. What is replaced is never shorter than REDACTED, so the output is never longer than the input. */
#include "scrub.h"

#include <string.h>

static const char redacted[] = "REDACTED";
enum { REDACTED_SIZE = sizeof redacted - 1, SMALLEST_TABLE = 1024, LARGEST_TABLE = 65536 };

/* ---- Layout ------------------------------------------------------------------------------------------ */

/* Fill in the counts; the rest of the block is zero. */
static void lay_out(dc_scrubber *scrub, const dc_secret_sum *sum) {
    const uint32_t forms = 9 * (sum->spaced > 0 ? 2 * sum->count : sum->count);
    *scrub = (dc_scrubber){.going = DC_SCRUB_ALIVE, .filtering = 1, .patience = DC_SCRUB_STEP * DC_SCRUB_PATIENCE};
    if (sum->count > 0) scrub->window = sum->shortest < DC_SCRUB_WINDOW ? sum->shortest : DC_SCRUB_WINDOW;
    scrub->nodes = (sum->bytes + sum->spaced + 1 + 3) & ~3U; /* the node is 12 bytes, the block a multiple of 8 */
    scrub->table = SMALLEST_TABLE;
    while (scrub->table < LARGEST_TABLE && scrub->table < 4 * forms * scrub->window) scrub->table *= 2;
    scrub->room = (DC_SCRUB_WIDEST * sum->longest + 2 * DC_SCRUB_STEP) & ~7U;
    for (uint32_t skipped = 0; skipped < 4; skipped++) {
        if ((skipped & DC_UNDO_JSON) != 0 && !sum->has_backslash) continue;
        if ((skipped & DC_UNDO_PERCENT) != 0 && !sum->has_percent) continue;
        scrub->reader[scrub->readers++].undo = (uint8_t)((DC_UNDO_JSON | DC_UNDO_PERCENT) & ~skipped);
    }
}

static dc_piece *pieces_of(dc_scrubber *scrub) {
    return (dc_piece *)(void *)(dc_scrub_firsts(scrub) + scrub->table / 8);
}

/* Covered pieces do not overlap and have eight bytes each at least, but for the first, which may be the end of one. */
static uint32_t most_pieces(const dc_scrubber *scrub) {
    return scrub->room / DC_SCRUB_LEAST + 1;
}

char *dc_scrub_text(dc_scrubber *scrub) {
    return (char *)(pieces_of(scrub) + most_pieces(scrub));
}

static uint32_t size_of(dc_scrubber *scrub) {
    return (uint32_t)(dc_scrub_text(scrub) - (char *)scrub) + scrub->room;
}

uint32_t dc_scrub_size(const char *secrets, uint32_t size, const char *harmless, uint32_t harmless_size) {
    dc_scrubber scrub;
    dc_secret_sum sum;
    if (!dc_secret_measure((dc_span){secrets, size}, (dc_span){harmless, harmless_size}, &sum)) return 0;
    lay_out(&scrub, &sum);
    return size_of(&scrub);
}

uint32_t dc_scrub_begin(void *state, const char *secrets, uint32_t size, const char *harmless, uint32_t harmless_size) {
    dc_scrubber *scrub = state;
    dc_secret_sum sum;
    const dc_span json = {secrets, size}, names = {harmless, harmless_size};
    if (!dc_secret_measure(json, names, &sum)) return 0;
    lay_out(scrub, &sum);
    dc_scrub_build(scrub, json, names);
    return 1;
}

/* ---- What is covered --------------------------------------------------------------------------------- */

/* Pieces that overlap become one; those that only touch do not, so that it does not matter when they were found. */
void dc_scrub_cover(dc_scrubber *scrub, uint32_t start, uint32_t end) {
    dc_piece *pieces = pieces_of(scrub);
    uint32_t first = scrub->pieces;
    while (first > 0 && pieces[first - 1].end > start) first--;
    uint32_t last = first;
    for (; last < scrub->pieces && pieces[last].start < end; last++) {
        if (pieces[last].start < start) start = pieces[last].start;
        if (pieces[last].end > end) end = pieces[last].end;
    }
    memmove(&pieces[first + 1], &pieces[last], (scrub->pieces - last) * sizeof *pieces);
    scrub->pieces += first + 1 - last;
    pieces[first] = (dc_piece){start, end};
}

/* ---- The stream -------------------------------------------------------------------------------------- */

/* The readers go on. False: more input is needed. */
static bool read_on(dc_scrubber *scrub) {
    uint32_t live = UINT32_MAX;
    bool far_enough = true;
    for (uint32_t i = 0; i < scrub->readers; i++) {
        far_enough = dc_reader_run(scrub, &scrub->reader[i], scrub->until) && far_enough;
        const uint32_t from = dc_reader_live(&scrub->reader[i]);
        if (from < live) live = from;
    }
    if (!far_enough) return false;
    if (live + DC_SCRUB_BEFORE < scrub->until) {
        scrub->until += DC_SCRUB_WINDOW;
        return true;
    }
    scrub->at = live;
    scrub->filtering = 1;
    return true;
}

/* The filter goes on. False: more input is needed. */
static bool skip_on(dc_scrubber *scrub) {
    if (!dc_scrub_skip(scrub)) return false;
    const uint32_t from = scrub->at - scrub->done < DC_SCRUB_BEFORE ? scrub->done : scrub->at - DC_SCRUB_BEFORE;
    for (uint32_t i = 0; i < scrub->readers; i++) dc_reader_begin(&scrub->reader[i], from);
    scrub->filtering = 0;
    return true;
}

/* Up to where everything is known. */
static uint32_t known(const dc_scrubber *scrub) {
    if (scrub->final) return scrub->fill;
    uint32_t from = scrub->fill;
    if (scrub->filtering) from = scrub->at < DC_SCRUB_BEFORE ? 0 : scrub->at - DC_SCRUB_BEFORE;
    for (uint32_t i = 0; !scrub->filtering && i < scrub->readers; i++) {
        const uint32_t live = dc_reader_live(&scrub->reader[i]);
        if (live < from) from = live;
    }
    return from < scrub->done ? scrub->done : from;
}

/* What is in the state and may yet leave it. */
static uint32_t held_back(const dc_scrubber *scrub) {
    return scrub->fill - scrub->done + scrub->owed;
}

/* Put out what is known. Of a covered piece that may still grow (`aaaa...`) the text is dropped, REDACTED is owed. */
static char *put_out(dc_scrubber *scrub, char *out) {
    dc_piece *pieces = pieces_of(scrub);
    const char *text = dc_scrub_text(scrub);
    const uint32_t end = known(scrub);
    uint32_t i = 0;
    for (; i < scrub->pieces && pieces[i].end <= end; i++) {
        memcpy(out, text + scrub->done, pieces[i].start - scrub->done);
        out += pieces[i].start - scrub->done;
        memcpy(out, redacted, REDACTED_SIZE);
        out += REDACTED_SIZE;
        scrub->done = pieces[i].end;
        scrub->owed = 0;
    }
    const uint32_t stop = i < scrub->pieces && pieces[i].start < end ? pieces[i].start : end;
    memcpy(out, text + scrub->done, stop - scrub->done);
    out += stop - scrub->done;
    scrub->done = end;
    if (stop < end) {
        pieces[i].start = end;
        scrub->owed = REDACTED_SIZE;
    }
    memmove(pieces, pieces + i, (scrub->pieces - i) * sizeof *pieces);
    scrub->pieces -= i;
    return out;
}

/* What is put out leaves the buffer. */
static void move_up(dc_scrubber *scrub) {
    const uint32_t by = scrub->done;
    dc_piece *pieces = pieces_of(scrub);
    char *text = dc_scrub_text(scrub);
    memmove(text, text + by, scrub->fill - by);
    scrub->fill -= by;
    scrub->done = 0;
    scrub->at -= by < scrub->at ? by : scrub->at;
    scrub->until -= by < scrub->until ? by : scrub->until;
    scrub->clear -= by < scrub->clear ? by : scrub->clear;
    for (uint32_t i = 0; i < scrub->pieces; i++) {
        pieces[i].start -= by;
        pieces[i].end -= by;
    }
    for (uint32_t i = 0; i < scrub->readers; i++) {
        dc_reader *reader = &scrub->reader[i];
        reader->at -= by < reader->at ? by : reader->at;
        reader->before -= by < reader->before ? by : reader->before;
        for (uint32_t j = 0; j < DC_LANES; j++) {
            dc_lane *lane = &reader->lane[j];
            lane->start -= by < lane->start ? by : lane->start;
        }
    }
}

static char *go_on(dc_scrubber *scrub, char *out) {
    while (scrub->filtering ? skip_on(scrub) : read_on(scrub)) {
    }
    return put_out(scrub, out);
}

/* More steps with more text, up to what 16 MB allow. */
static void take_heart(dc_scrubber *scrub, uint32_t bytes) {
    const uint32_t most = 1U << 30;
    scrub->patience += bytes * DC_SCRUB_PATIENCE;
    if (scrub->patience > most) scrub->patience = most;
}

/* Text and secrets that were made for each other would take for ever: nothing of it goes out. */
static uint32_t give_up(dc_scrubber *scrub) {
    memset(scrub, 0, size_of(scrub));
    return DC_SCRUB_FAULT;
}

uint32_t dc_scrub(void *state, const char *in, uint32_t n, char *out, uint32_t room) {
    dc_scrubber *scrub = state;
    scrub->consumed = scrub->produced = 0;
    if (scrub->going != DC_SCRUB_ALIVE) return DC_SCRUB_FAULT;
    while (scrub->consumed < n) {
        if (scrub->room - scrub->fill < DC_SCRUB_STEP) move_up(scrub);
        const uint32_t free = scrub->room - scrub->fill, left = n - scrub->consumed;
        const uint32_t held = held_back(scrub), spare = room - scrub->produced;
        uint32_t take = free < left ? free : left;
        if (free == 0 || spare <= held) break;
        if (take > spare - held) take = spare - held;
        memcpy(dc_scrub_text(scrub) + scrub->fill, in + scrub->consumed, take);
        scrub->fill += take;
        scrub->consumed += take;
        take_heart(scrub, take);
        scrub->produced = (uint32_t)(go_on(scrub, out + scrub->produced) - out);
        if (scrub->patience == 0) return give_up(scrub);
    }
    scrub->held = held_back(scrub);
    return DC_SCRUB_GOING;
}

uint32_t dc_scrub_end(void *state, char *out, uint32_t room) {
    dc_scrubber *scrub = state;
    uint32_t produced = 0;
    const uint32_t size = scrub->going == DC_SCRUB_ALIVE ? size_of(scrub) : 0;
    bool good = size > 0 && room >= held_back(scrub);
    if (good) {
        scrub->final = 1;
        produced = (uint32_t)(go_on(scrub, out) - out);
        good = scrub->patience > 0;
    }
    memset(state, 0, size > 0 ? size : sizeof *scrub);
    scrub->produced = good ? produced : 0;
    return good ? DC_SCRUB_DONE : DC_SCRUB_FAULT;
}
