/* Whose an answer is: read from a document in the core's memory it is the same as read from one that was handed in, of
 * any bytes, and nobody's where they are no JSON. The first byte chooses what was
 * read, and whether the answer is drawn. */
#include "draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096 };

static const char *const reads[] = {
    "{\"kind\":\"list\",\"user_id\":\"u\",\"toolkits\":[\"t\"]}",
    "{\"kind\":\"account\",\"id\":\"i\",\"user_id\":\"u\",\"toolkits\":[\"t\"]}",
    "{\"kind\":\"tool\",\"id\":\"i\",\"toolkits\":[\"t\"]}",
    "{\"kind\":\"config\",\"id\":\"i\"}",
};
static const char *const names[] = {"items", "user_id", "toolkit", "slug", "id", "it\\u0065ms", "status", NULL};

/* As a masker leaves it: a copy of the exact size lets the sanitizer see every byte that is touched beyond it. */
static uint32_t owned_at(const char *read, const char *answer, size_t size) {
    char *copy = malloc(size + (size == 0));
    if (copy == NULL || dc_open(0) == NULL) abort();
    if (size > 0) memcpy(copy, answer, size);
    const uint32_t status = dc_owned_at(read, (uint32_t)strlen(read), copy, (uint32_t)size)->status;
    dc_close();
    free(copy);
    return status;
}

static uint32_t owned(const char *read, const char *answer, size_t size) {
    char head[128];
    const size_t front = (size_t)snprintf(head, sizeof head, "{\"read\":%s}\n", read);
    char *room = dc_open((uint32_t)(front + size));
    if (room == NULL) abort();
    memcpy(room, head, front);
    if (size > 0) memcpy(room + front, answer, size);
    const dc_reply *reply = dc_owned((uint32_t)(front + size));
    const uint32_t status = reply->status;
    draw_check(reply, false);
    dc_close();
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1 || size > LIMIT) return 0;
    const char *const read = reads[data[0] & 3];
    const char *answer = (const char *)data + 1;
    size_t left = size - 1;
    if (data[0] & 4) { /* JSON about what is looked for, rather than bytes */
        draw_begin(data + 1, size - 1);
        draw_value(names, 0);
        answer = drawing.text;
        left = drawing.size;
    }
    const uint32_t status = owned(read, answer, left), in_place = owned_at(read, answer, left);
    if (dc_scan_valid((dc_span){answer, (uint32_t)left}, NULL) ? status != in_place : status == 200) abort();
    return 0;
}
